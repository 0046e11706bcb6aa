export default function Page() {
  return <h1>Better Auth</h1>
}

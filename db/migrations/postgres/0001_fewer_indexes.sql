DROP INDEX "events_user_id";--> statement-breakpoint
DROP INDEX "messages_recipient";--> statement-breakpoint
DROP INDEX "users_email_key";--> statement-breakpoint
CREATE INDEX "outbox_open_expires_at" ON "outbox" USING btree ("expires_at") WHERE sent_at is null and failed_at is null;--> statement-breakpoint
CREATE INDEX "users_pending_email_key" ON "users" USING btree ("email_key","created_at") WHERE verified_at is null;
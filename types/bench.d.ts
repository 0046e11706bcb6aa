// What only bench/package.json installs. bench/tsconfig.json leaves this file out, and checks against the real types.
declare module 'autocannon'
declare module 'echarts'

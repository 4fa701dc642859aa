// What the build defines beside the modules.

/** True where the invented world may be used: `npm run dev`, tests and screens. */
declare const __REHEARSAL__: boolean;

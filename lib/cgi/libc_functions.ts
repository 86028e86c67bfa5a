// What the C library is called with: the functions, in the platform's terms,
// and the values that Linux gives the names of their arguments.

/** The functions. */
export const FUNCTIONS = {
  access: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  posix_spawn_file_actions_addchdir_np: {
    parameters: ["buffer", "buffer"],
    result: "i32",
  },
  posix_spawn_file_actions_adddup2: {
    parameters: ["buffer", "i32", "i32"],
    result: "i32",
  },
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u32"],
    result: "i32",
  },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_setsigdefault: {
    parameters: ["buffer", "buffer"],
    result: "i32",
  },
  posix_spawn: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
    // It returns when the child has got as far as its `exec`, for which that
    // has to wait for a processor like everybody else.
    nonblocking: true,
  },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  sigfillset: { parameters: ["buffer"], result: "i32" },
  strerror: { parameters: ["i32"], result: "pointer" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The functions, opened. */
export type Functions = Deno.DynamicLibrary<typeof FUNCTIONS>["symbols"];

/** `fcntl`: set the flags of an open file. */
export const F_SETFL = 4;
/** Flag of a descriptor: it ends with the next `exec`. */
export const O_CLOEXEC = 0o2000000;
/** Flag of an open file: nobody waits for it. */
export const O_NONBLOCK = 0o4000;
/** `waitpid`: do not wait. */
export const WNOHANG = 1;
/** `access`: may it be executed? */
export const X_OK = 1;
/** `posix_spawn`: lead a process group. */
export const SETPGROUP = 0x02;
/** `posix_spawn`: give signals their default effect. */
export const SETSIGDEF = 0x04;
/** `posix_spawn`: set which signals are blocked. */
export const SETSIGMASK = 0x08;

/** Replaces Node modules that Pyright imports but never uses here: processes, sockets, compression. */
export default {};

/** Stands for modules of Node that Pyright imports and never uses here: processes, sockets, compression. */
export default {};

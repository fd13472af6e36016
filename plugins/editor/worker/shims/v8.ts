/** Node's `v8`: heap numbers that never look like memory pressure (a worker cannot measure its heap). */
export const getHeapStatistics = () => ({
  heap_size_limit: 4e9,
  total_heap_size: 1,
  used_heap_size: 1,
  total_available_size: 4e9,
});
export const setFlagsFromString = () => undefined;
export default { getHeapStatistics, setFlagsFromString };

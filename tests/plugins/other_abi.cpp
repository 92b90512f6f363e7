// Exports the entry point of another ABI only.
#include "tiny.hpp"

extern "C" MIG_EXPORT const void* mighost_plugin_v2(void) { return nullptr; }

// Has nothing to say.
#include "tiny.hpp"

const mig_plugin* mighost_plugin_v1(void) { return nullptr; }

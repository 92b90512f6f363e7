// Throws where only data may be returned.
#include <stdexcept>

#include "tiny.hpp"

const mig_plugin* mighost_plugin_v1(void) { throw std::runtime_error("not today"); }

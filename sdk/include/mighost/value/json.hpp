// JSON text: is it what a jsonb column takes, and writing it. There is no parser here: plugins pass
// JSON on.
#pragma once

#include "mighost/value/json_check.hpp"
#include "mighost/value/json_writer.hpp"

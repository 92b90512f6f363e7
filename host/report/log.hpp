#pragma once
// The program's log: one line per event, for people or as JSON lines. Only log.cpp knows spdlog. No
// value of a row, no password and no URL with a password may be passed here (design 6.5): entity,
// key, column and code may.
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "report/error.hpp"

namespace mighost {

enum class LogLevel { debug, info, warn, error };

struct LogOptions {
  LogLevel level = LogLevel::info;
  bool json = false;   // JSON lines on stderr instead of text
  bool color = false;  // decided by the caller: a terminal, and NO_COLOR unset
  std::optional<std::filesystem::path> file;  // in addition to stderr
};

/// A named fact that goes with a line: `entity=core.orders` in text, a member in JSON.
struct LogField {
  std::string_view name;
  std::string value;
};

/// Before this call, lines go to stderr as text from level info. Throws Error{Exit::usage} when the
/// file cannot be opened. [any thread]
void setup_log(const LogOptions& options);
/// "debug", "info", "warn", "error"; anything else is nothing.
std::optional<LogLevel> log_level(std::string_view name);
/// [any thread]
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
void log_info(std::string_view message, std::initializer_list<LogField> fields = {});
void log_warn(std::string_view message, std::initializer_list<LogField> fields = {});
/// The error that ends a command: its three parts on stderr, after the program's name (one JSON
/// line with `json`), and a line in the log file. [any thread]
void log_failure(const Error& error);

}  // namespace mighost

#include "report/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/screen.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

std::string_view level_name(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::info:
      return "info";
    case spdlog::level::warn:
      return "warn";
    default:
      return "error";
  }
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Our own names for the levels (spdlog says "warning"), padded to one width.
class LevelFlag : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    std::string name(level_name(message.level));
    name.resize(5, ' ');
    out.append(name.data(), name.data() + name.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>();
  }
};

Color level_color(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return Color::red;
  return level == spdlog::level::warn ? Color::yellow : Color::none;
}

// Prints above the live progress, which a plain stderr sink would tear apart.
class ScreenSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ScreenSink(bool color) : color_(color) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t buffer;
    formatter_->format(message, buffer);
    std::string line(buffer.data(), buffer.size());
    const std::size_t begin = message.color_range_start, end = message.color_range_end;
    if (color_ && end > begin && end <= line.size()) {
      const Color color = level_color(message.level);
      line.replace(begin, end - begin, colored(line.substr(begin, end - begin), color, true));
    }
    Screen::standard_error().print(line);
  }
  void flush_() override {}

  const bool color_;
};

// Time and level come first and are spdlog's part; the payload made below is the rest of the line.
std::unique_ptr<spdlog::formatter> line_format(bool json) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(
      json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local);
  formatter->add_flag<LevelFlag>('*');
  formatter->set_pattern(json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v)"
                              : "%Y-%m-%d %H:%M:%S.%e %^%*%$ %v");
  return formatter;
}

std::string text_value(const std::string& value) {
  const bool plain = !value.empty() && value.find_first_of(" \"=") == std::string::npos;
  if (plain) return one_line(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return one_line(quoted + "\"");
}

std::string text_payload(std::string_view message, const std::vector<LogField>& fields) {
  std::string line = one_line(message);
  for (const LogField& field : fields) {
    line += (&field == &fields.front() ? "  " : " ") + std::string(field.name) + "=" +
            text_value(field.value);
  }
  return line;
}

// The object without its opening brace and time stamp, which stand in the pattern.
std::string json_payload(spdlog::level::level_enum level, std::string_view message,
                         const std::vector<LogField>& fields) {
  nlohmann::ordered_json line;
  line["level"] = level_name(level);
  line["message"] = message;
  for (const LogField& field : fields) {
    std::string name(field.name);
    while (name == "ts" || line.contains(name)) name += '_';  // a member may stand only once
    line[name] = field.value;
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).substr(1);
}

struct Log {
  bool json = false;
  spdlog::sink_ptr screen, file;  // `file` may be null
  spdlog::level::level_enum level = spdlog::level::info;

  explicit Log(const LogOptions& options) : json(options.json) {
    level = spdlog_level(options.level);
    screen = std::make_shared<ScreenSink>(options.color && !options.json);
    screen->set_formatter(line_format(json));
    if (!options.file) return;
    file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file->string());
    file->set_formatter(line_format(json));
  }

  // `failure` lines are already on the screen, in three parts.
  void write(spdlog::level::level_enum at, std::string_view message,
             const std::vector<LogField>& fields, bool failure) const {
    if (at < level) return;
    const std::string payload =
        json ? json_payload(at, message, fields) : text_payload(message, fields);
    std::vector<spdlog::sink_ptr> sinks;
    if (json || !failure) sinks.push_back(screen);
    if (file) sinks.push_back(file);
    spdlog::logger logger("mighost", sinks.begin(), sinks.end());
    logger.set_level(spdlog::level::debug);
    logger.flush_on(spdlog::level::debug);  // a killed process must have told everything it knew
    logger.set_error_handler([](const std::string&) {
      static std::atomic<bool> told{false};
      if (told.exchange(true)) return;
      Screen::standard_error().print("mighost: the log file cannot be written any more\n");
    });
    logger.log(at, spdlog::string_view_t(payload.data(), payload.size()));
  }
};

std::mutex current_mutex;

// Never destroyed: a thread may log while the process ends.
std::shared_ptr<const Log>& current_slot() {
  static auto* slot = new std::shared_ptr<const Log>(std::make_shared<const Log>(LogOptions{}));
  return *slot;
}

std::shared_ptr<const Log> current() {
  const std::lock_guard lock(current_mutex);
  return current_slot();
}

}  // namespace

void setup_log(const LogOptions& options) {
  std::error_code error;
  if (options.file && options.file->has_parent_path() &&
      !std::filesystem::is_directory(options.file->parent_path(), error)) {
    throw Error(Exit::usage, "the directory of the log file does not exist", options.file->string(),
                "create the directory, or name another file with --log-file");
  }
  try {
    auto log = std::make_shared<const Log>(options);
    const std::lock_guard lock(current_mutex);
    current_slot() = std::move(log);
  } catch (const spdlog::spdlog_ex&) {
    throw Error(Exit::usage, "the log file cannot be opened for writing", options.file->string(),
                "check its permissions, or name another file with --log-file");
  }
}

std::optional<LogLevel> log_level(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "info") return LogLevel::info;
  if (name == "warn") return LogLevel::warn;
  if (name == "error") return LogLevel::error;
  return std::nullopt;
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  current()->write(spdlog_level(level), message, std::vector<LogField>(fields), false);
}

void log_info(std::string_view message, std::initializer_list<LogField> fields) {
  log(LogLevel::info, message, fields);
}

void log_warn(std::string_view message, std::initializer_list<LogField> fields) {
  log(LogLevel::warn, message, fields);
}

void log_failure(const Error& error) {
  const auto log = current();
  if (!log->json) {
    Screen::standard_error().print("mighost: error: " + std::string(error.what()) + "\n");
  }
  std::vector<LogField> fields;
  if (!error.where().empty()) fields.push_back({"where", error.where()});
  if (!error.next().empty()) fields.push_back({"next", error.next()});
  log->write(spdlog::level::err, error.message(), fields, true);
}

}  // namespace mighost

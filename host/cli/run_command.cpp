#include "cli/run_command.hpp"

#include <unistd.h>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "lanes/chunk_run.hpp"
#include "lanes/family_run.hpp"
#include "plugin/library.hpp"
#include "plugin/settings.hpp"
#include "report/log.hpp"
#include "report/screen.hpp"
#include "run/run.hpp"

namespace mighost {
namespace {

/// Scopes family and chunk.
RunResult run_in_steps(const Arguments& arguments, const RunConfig& config,
                       const std::vector<const Plugin*>& plugins) {
  if (config.scope == "run") {
    throw Error(Exit::usage,
                "in scope run nothing is committed before the end: there is nothing to join or to "
                "resume",
                config.file.string(),
                "run the same command again; or set scope = \"chunk\" or \"family\"");
  }
  if (config.scope == "family" && !arguments.join.empty()) {
    throw Error(Exit::usage, "a run in scope family has one process", config.file.string(),
                "set scope = \"chunk\" where several are to share a run");
  }
  LongRunOptions options;
  options.selection = arguments.selection;
  options.join = arguments.join;
  options.resume = arguments.command == Command::resume;
  if (!arguments.operands.empty()) options.resumed = arguments.operands.front();
  options.accept_changes = arguments.accept_changes;
  Progress progress(progress_style(arguments, is_terminal(STDERR_FILENO)));
  return config.scope == "family" ? execute_family_run(plugins, config, options, progress)
                                  : execute_chunk_run(plugins, config, options, progress);
}

RunResult run(const Arguments& arguments) {
  const RunConfig config = read_run_config(arguments.config);
  set_up_log(arguments, &config);
  const auto plugins = load_plugins(arguments.plugins);
  check_names_in_config(plugins, config);
  const bool in_steps = config.scope != "run" && !arguments.dry_run;
  if (arguments.command == Command::resume || !arguments.join.empty() ||
      (in_steps && arguments.command == Command::run)) {
    return run_in_steps(arguments, config, plugins);
  }
  RunOptions options;
  options.selection = arguments.selection;
  options.dry_run = arguments.dry_run;
  if (arguments.command == Command::replay) options.replay = arguments.rows;
  // Gone, with its lines, before the summary is printed.
  Progress progress(progress_style(arguments, is_terminal(STDERR_FILENO)));
  return execute_run(plugins, config, options, progress);
}

// Whoever watches the file must not take the report of an earlier run for that of this one.
RunReport report_of_no_run(const Error& error, const Arguments& arguments) {
  RunReport report;
  if (arguments.command == Command::replay) report.replay.emplace();
  report.status = error.exit() == Exit::interrupted ? "interrupted" : "failed";
  report.scope = "run";
  report.error = error.what();
  report.dry_run = arguments.dry_run;
  return report;
}

void print_summary(const RunReport& report, bool to_stderr) {
  if (to_stderr) {
    Screen::standard_error().print(summary_table(report, color_allowed(STDERR_FILENO)));
  } else {
    print_result(summary_table(report, color_allowed(STDOUT_FILENO)));
  }
}

}  // namespace

Progress::Style progress_style(const Arguments& arguments, bool terminal) {
  if (arguments.quiet || arguments.progress == ProgressChoice::never) return Progress::Style::none;
  if (arguments.progress == ProgressChoice::always) return Progress::Style::terminal;
  return terminal && !arguments.log_json ? Progress::Style::terminal : Progress::Style::lines;
}

Error error_from_text(Exit exit, const std::string& text) {
  const std::string where_mark = "\n  where: ", next_mark = "\n  next:  ";
  const std::size_t where_at = text.rfind(where_mark), next_at = text.rfind(next_mark);
  const bool has_next = next_at != std::string::npos;
  const bool has_where = where_at != std::string::npos && where_at < next_at;
  const std::size_t what_end = has_where ? where_at : next_at;
  std::string where;
  if (has_where) {
    const std::size_t begin = where_at + where_mark.size();
    where = text.substr(begin, has_next ? next_at - begin : std::string::npos);
  }
  return {exit, text.substr(0, what_end), where,
          has_next ? text.substr(next_at + next_mark.size()) : ""};
}

Exit run_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  RunResult result;
  try {
    result = run(arguments);
  } catch (const Error& error) {
    json.write(report_of_no_run(error, arguments).to_json());
    throw;
  } catch (...) {
    const Error internal(Exit::internal, "internal error; the log says more");
    json.write(report_of_no_run(internal, arguments).to_json());
    throw;
  }
  const RunReport& report = result.report;
  const bool well = result.exit == Exit::done;
  if (!arguments.quiet || !well) print_summary(report, json.on_stdout());
  json.write(report.to_json());
  if (!well && !report.error.empty()) log_failure(error_from_text(result.exit, report.error));
  return result.exit;
}

}  // namespace mighost

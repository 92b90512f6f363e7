#include "cli/quarantine_command.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "cli/private_file.hpp"
#include "cli/quarantine_view.hpp"
#include "ledger/ledger.hpp"
#include "pg/copy_out.hpp"
#include "pg/copy_text.hpp"
#include "pg/wire.hpp"
#include "report/nearest.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

enum class Format { csv, json, jsonl };

Format format_of(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".csv") return Format::csv;
  if (extension == ".json") return Format::json;
  if (extension == ".jsonl") return Format::jsonl;
  throw Error(Exit::usage, "--export does not say in which format", "the command line",
              "let the file's name end in .csv, .json or .jsonl");
}

void check_entities(const Standing& standing, const RowFilter& filter) {
  const std::vector<std::string> known = standing.known_entities();
  if (known.empty()) return;  // no run has ended well: nobody can tell
  for (const std::string& name : filter.entities) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(Exit::usage, "the ledger knows no entity " + one_line(name), "--entity",
                nearest_hint(name, known));
  }
}

/// One JSON text for each row, as the server writes it.
std::uint64_t write_json(Session& target, const std::string& query, bool lines, PrivateFile& file) {
  CopyOut copy(target, "SELECT row_to_json(r)::text FROM (" + query + ") AS r");
  const char* separator = lines ? "" : "[\n";
  std::uint64_t rows = 0;
  for (std::string_view row; copy.next(row); ++rows) {
    constexpr std::size_t before_text = sizeof(std::int16_t) + sizeof(std::int32_t);
    file.write(separator);
    file.write(row.substr(before_text));
    separator = lines ? "" : ",\n";
    if (lines) file.write("\n");
  }
  if (!lines) file.write(rows == 0 ? "[]\n" : "\n]\n");
  return rows;
}

std::uint64_t write_csv(Session& target, const std::string& query, PrivateFile& file) {
  bool header = true;
  std::uint64_t rows = 0;
  copy_text(target, query, "(FORMAT csv, HEADER)", [&](std::string_view line) {
    file.write(line);
    rows += header ? 0 : 1;
    header = false;
  });
  return rows;
}

std::optional<std::string> names_or_null(const std::vector<std::string>& names) {
  if (names.empty()) return std::nullopt;
  return nlohmann::json(names).dump();
}

/// Rows that leave the database leave a trace in it.
void export_rows(Session& target, const Arguments& arguments, Format format, PrivateFile& file,
                 QuarantineView& view) {
  const std::string query = Standing::export_query(arguments.rows);
  view.exported = format == Format::csv ? write_csv(target, query, file)
                                        : write_json(target, query, format == Format::jsonl, file);
  target.query(
      "INSERT INTO mighost.audit (event, detail) VALUES ('quarantine exported', "
      "jsonb_build_object('who', $1::text, 'rows', $2::bigint, 'entities', $3::jsonb, "
      "'codes', $4::jsonb, 'keys', $5::jsonb))",
      {login_name(), std::to_string(view.exported), names_or_null(arguments.rows.entities),
       names_or_null(arguments.rows.codes), names_or_null(arguments.rows.keys)});
  view.exported_to = arguments.export_file->string();
}

/// Says why a waiver changes nothing, if that is so.
void waive(Session& target, const Arguments& arguments, QuarantineView& view) {
  const WaiverWords words{arguments.who.empty() ? login_name() : arguments.who, arguments.why};
  const bool take_back = arguments.waiver == WaiverAction::withdraw;
  const WaiverCount count = take_back ? withdraw_waivers(target, arguments.rows, words)
                                      : record_waivers(target, arguments.rows, words);
  if (count.meant == 0) {
    throw Error(Exit::usage,
                take_back ? "no waiver and no row that is held back matches"
                          : "no row that is held back or waited for matches",
                "--entity, --code, --key",
                "nothing was changed; mighost quarantine without --" +
                    std::string(take_back ? "unwaive" : "waive") + " shows what there is");
  }
  if (count.changed == 0) {
    throw Error(
        Exit::usage,
        take_back ? "none of the rows has a waiver of its own" : "the rows have been waived before",
        "--entity, --code, --key",
        take_back ? "nothing was changed; if they count as waived, they wait for a row "
                    "that is: take that waiver back"
                  : "nothing was changed; to write another reason, take the waiver back "
                    "with --unwaive first");
  }
  (take_back ? view.withdrawn : view.waived) = count.changed;
}

QuarantineView look(Session& target, const Arguments& arguments) {
  const RowFilter& filter = arguments.rows;
  const auto detail =
      arguments.export_file ? Standing::Detail::whole_rows : Standing::Detail::keys_and_codes;
  QuarantineView view;
  std::optional<PrivateFile> file;
  Format format = Format::csv;
  if (arguments.export_file) {
    format = format_of(*arguments.export_file);
    file.emplace(*arguments.export_file);
  }
  target.execute("BEGIN");
  std::optional<Standing> standing(std::in_place, target, detail);
  check_entities(*standing, filter);
  if (arguments.waiver != WaiverAction::none) {
    waive(target, arguments, view);
    standing.emplace(target, detail);
  }
  view.filtered = !filter.empty();
  view.by_code = standing->by_code(filter);
  view.causes = standing->root_causes(filter, arguments.limit);
  view.alone = standing->alone(filter);
  if (view.filtered) view.rows = standing->rows(filter, arguments.limit);
  view.waivers = standing->waivers(filter, arguments.limit);
  if (file) export_rows(target, arguments, format, *file, view);
  target.execute("COMMIT");
  if (file) file->finish();
  return view;
}

}  // namespace

std::string login_name() {
  const passwd* entry = getpwuid(getuid());
  if (entry != nullptr) return entry->pw_name;
  const char* user = std::getenv("USER");
  return user != nullptr ? user : "";
}

Exit quarantine_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config, Sides::target);
  set_up_log(arguments, &config);
  Ledger ledger(Session(config.target, Session::Role::control, config.load, "mighost quarantine"));
  ledger.open_existing();
  const QuarantineView view = look(ledger.control(), arguments);
  json.write(quarantine_json(view));
  if (!json.on_stdout()) print_result(quarantine_text(view, color_allowed(STDOUT_FILENO)));
  return Exit::done;
}

}  // namespace mighost

#include <nlohmann/json.hpp>

#include "cli/explain_command.hpp"

namespace mighost {
namespace {

using json = nlohmann::ordered_json;

json null_if_empty(const std::string& text) { return text.empty() ? json() : json(text); }

const char* answer_word(ResolvedReference::Answer answer) {
  using Answer = ResolvedReference::Answer;
  switch (answer) {
    case Answer::resolved:
      return "resolved";
    case Answer::absent:
      return "absent";
    case Answer::held:
      return "held";
    case Answer::no_key:
      return "no_key";
    case Answer::late:
      return "late";
    case Answer::not_loaded:
      break;
  }
  return "not_loaded";
}

json records_json(const std::vector<ExplainedRecord>& records, bool values) {
  json list = json::array();
  for (const ExplainedRecord& record : records) {
    json one = {{"run", null_if_empty(record.run)},
                {"outcome", record.outcome},
                {"plugin", null_if_empty(record.plugin)},
                {"stage", null_if_empty(record.stage)},
                {"code", record.code},
                {"column", null_if_empty(record.column)},
                {"constraint", null_if_empty(record.constraint)},
                {"waits_for", null_if_empty(record.waits_for)},
                {"stands", record.stands}};
    if (values) one["message"] = null_if_empty(record.message);
    list.push_back(std::move(one));
  }
  return list;
}

json source_json(const Explanation& row, bool values) {
  json rows = json::array();
  for (const auto& columns : row.source_rows) {
    json one = json::object();
    for (const ExplainedColumn& column : columns) {
      if (values) {
        one[column.name] = column.value ? json(*column.value) : json();
      } else {
        one[column.name] = column.value ? "present" : "null";
      }
    }
    rows.push_back(std::move(one));
  }
  return rows;
}

json fingerprint_json(const Explanation& row) {
  if (!row.fingerprint) return {};
  const auto digits = [](const std::optional<std::uint64_t>& number) {
    return number ? json(hex(*number)) : json();
  };
  const RowFingerprint& fingerprint = *row.fingerprint;
  json late = json::array();
  for (const RowFingerprint::Part& part : fingerprint.parts) {
    if (part.column.empty()) continue;
    late.push_back({{"column", part.column},
                    {"on_record", digits(part.kept)},
                    {"in_target", digits(part.found)}});
  }
  return {{"result", word(fingerprint)},
          {"bucket", fingerprint.bucket},
          {"on_record", digits(fingerprint.parts.front().kept)},
          {"in_target", digits(fingerprint.parts.front().found)},
          {"late", std::move(late)}};
}

}  // namespace

std::string explanation_json(const Explanation& row, bool values) {
  json object;
  object["entity"] = row.entity;
  object["key"] = row.key;
  object["found"] = row.found();
  object["source"] = source_json(row, values);
  json references = json::array();
  for (const ResolvedReference& one : row.references) {
    references.push_back({{"column", one.column},
                          {"entity", one.entity},
                          {"key", null_if_empty(one.key)},
                          {"answer", answer_word(one.answer)},
                          {"new_key", null_if_empty(one.new_key)},
                          {"null_by_policy", one.null_by_policy}});
  }
  object["references"] = std::move(references);
  object["outcome"] = null_if_empty(row.outcome);
  object["now"] = records_json(row.now, values);
  object["on_record"] = records_json(row.on_record, values);
  object["root"] = null_if_empty(row.root);
  object["waiver"] = null_if_empty(row.waiver);
  object["target"] = {{"table", row.target},
                      {"new_key", null_if_empty(row.new_key)},
                      {"present", row.in_target},
                      {"run", null_if_empty(row.brought_by)},
                      {"differs", row.drift}};
  object["fingerprint"] = fingerprint_json(row);
  object["remarks"] = row.remarks;
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost

#include <nlohmann/json.hpp>

#include "cli/explain_command.hpp"

namespace mighost {
namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

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
    json one = {{"run", text_or_null(record.run)},
                {"outcome", record.outcome},
                {"plugin", text_or_null(record.plugin)},
                {"stage", text_or_null(record.stage)},
                {"code", record.code},
                {"column", text_or_null(record.column)},
                {"constraint", text_or_null(record.constraint)},
                {"waits_for", text_or_null(record.waits_for)},
                {"stands", record.stands}};
    if (values) one["message"] = text_or_null(record.message);
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
                          {"key", text_or_null(one.key)},
                          {"answer", answer_word(one.answer)},
                          {"new_key", text_or_null(one.new_key)},
                          {"null_by_policy", one.null_by_policy}});
  }
  object["references"] = std::move(references);
  object["outcome"] = text_or_null(row.outcome);
  object["now"] = records_json(row.now, values);
  object["on_record"] = records_json(row.on_record, values);
  object["root"] = text_or_null(row.root);
  object["waiver"] = text_or_null(row.waiver);
  object["target"] = {{"table", row.target},
                      {"new_key", text_or_null(row.new_key)},
                      {"present", row.in_target},
                      {"run", text_or_null(row.brought_by)},
                      {"differs", row.drift}};
  object["remarks"] = row.remarks;
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost

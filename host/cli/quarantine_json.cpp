#include <nlohmann/json.hpp>

#include "cli/quarantine_view.hpp"

namespace mighost {
namespace {

using json = nlohmann::ordered_json;

const char* state_word(RootCause::State state) {
  switch (state) {
    case RootCause::State::held:
      return "held";
    case RootCause::State::absent:
      return "absent";
    case RootCause::State::circle:
      break;
  }
  return "circle";
}

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

json cause_json(const RootCause& cause) {
  json waiting = json::array();
  std::uint64_t rows = cause.behind;
  for (const auto& [entity, number] : cause.waiting) {
    waiting.push_back({{"entity", entity}, {"rows", number}});
    rows += number;
  }
  return {{"entity", cause.entity},
          {"key", cause.key},
          {"state", state_word(cause.state)},
          {"code", text_or_null(cause.code)},
          {"waived", cause.waived},
          {"rows", rows},
          {"waiting", waiting},
          {"behind", cause.behind}};
}

json row_json(const HeldRow& row) {
  return {{"entity", row.entity},
          {"key", row.key},
          {"outcome", row.outcome},
          {"code", row.code},
          {"column", text_or_null(row.column)},
          {"waits_for_entity", text_or_null(row.waits_for_entity)},
          {"waits_for_key", text_or_null(row.waits_for_key)},
          {"root_entity", row.root_entity},
          {"root_key", row.root_key},
          {"waived", row.waived}};
}

json waiver_json(const Waiver& waiver) {
  return {{"entity", waiver.entity}, {"key", waiver.key}, {"who", waiver.who},
          {"why", waiver.why},       {"at", waiver.at},   {"in_force", waiver.in_force}};
}

template <typename Item, typename Function>
void add_page(json& object, const char* name, const Page<Item>& page, Function item) {
  json list = json::array();
  for (const Item& one : page.shown) list.push_back(item(one));
  object[name] = std::move(list);
  object[std::string(name) + "_more"] = page.more;
}

}  // namespace

std::string quarantine_json(const QuarantineView& view) {
  json object;
  object["open"] = view.open();
  object["waived"] = view.waived_rows();
  json codes = json::array();
  for (const HeldByCode& one : view.by_code) {
    codes.push_back(
        {{"entity", one.entity}, {"code", one.code}, {"open", one.open}, {"waived", one.waived}});
  }
  object["by_code"] = std::move(codes);
  add_page(object, "root_causes", view.causes, cause_json);
  object["alone"] = view.alone;
  if (view.filtered) add_page(object, "rows", view.rows, row_json);
  add_page(object, "waivers", view.waivers, waiver_json);
  if (!view.exported_to.empty()) {
    object["exported"] = {{"file", view.exported_to}, {"rows", view.exported}};
  }
  if (view.waived) object["waivers_recorded"] = *view.waived;
  if (view.withdrawn) object["waivers_withdrawn"] = *view.withdrawn;
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost

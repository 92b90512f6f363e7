// The JSON that notifications were rendered from.

#include <array>

#include "notifications.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

constexpr std::array<std::string_view, 12> fillers = {"please check the setup of the upper jaw",
                                                      "下顎前歯の叢生",
                                                      "order is ready",
                                                      R"(https:\/\/lab.example.org\/orders\/)",
                                                      R"(line\nbreak and \"quotes\")",
                                                      R"(\u3042\u3044 \ud83d\ude00)",
                                                      "ส่งงานด่วน",
                                                      R"(path \\u0000 stays)",
                                                      "due on monday",
                                                      "😀🦷",
                                                      "tray 12 of 40",
                                                      "see the attached photos of the bite"};
constexpr std::array<std::string_view, 6> statuses = {"submitted",   "approved", " shipped ",
                                                      "in progress", "",         "完了"};

void member(std::string& json, std::string_view name, std::string_view escaped) {
  json += json.size() > 1 ? ", \"" : "\"";
  json += name;
  json += "\": \"";
  json += escaped;
  json += '"';
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      result += '\\';
    }
    result += character;
  }
  return result;
}

void add_shipment(Random& random, std::string& json) {
  member(json, "barcode", random.characters("0123456789", 12));
  const bool full = random.chance(500);
  member(json, full ? "tracking_number" : "tracking", "1Z" + random.characters("0123456789", 10));
  member(json, "carrier", random.chance(500) ? "ups" : " Yamato ");
}

std::size_t any_size(Random& random) {
  constexpr std::array<std::uint32_t, 4> weights = {40, 35, 20, 5};
  constexpr std::array<std::int64_t, 5> limits = {100, 200, 400, 800, 1900};
  const std::size_t range = random.weighted(weights);
  return static_cast<std::size_t>(random.between(limits[range], limits[range + 1]));
}

// An object that still lacks its closing brace.
std::string open_object(Random& random, std::size_t size) {
  std::string json = "{";
  json.reserve(size + 80);
  if (random.chance(700)) {
    const std::string number = std::to_string(random.between(1, 30'000));
    if (random.chance(300)) {
      json += "\"order_number\": " + number;
    } else {
      member(json, "order_number", "AB12-" + number);
    }
  }
  if (random.chance(500)) {
    const FullName name = full_name(random, any_script(random));
    member(json, "patient_name", escaped(name.first + " " + name.last));
  }
  if (random.chance(400)) {
    member(json, "status", random.one_of(statuses));
  }
  if (random.chance(250)) {
    member(json, "message", random.one_of(fillers));
  }
  if (random.chance(150)) {
    add_shipment(random, json);
  }
  json += json.size() > 1 ? ", \"body\": \"" : "\"body\": \"";
  while (json.size() + 2 < size) {
    json += random.one_of(fillers);
    json += ' ';
  }
  return json + "\"";
}

JsonText sound_context(Random& random) {
  if (random.chance(970)) {
    const std::size_t size = any_size(random);
    return {open_object(random, size) + "}", JsonKind::valid};
  }
  return random.chance(300) ? JsonText{std::nullopt, JsonKind::empty} : healthy_json(random);
}

JsonText bad_context(Random& random) {
  const std::size_t size = any_size(random);
  std::string json = open_object(random, size);
  switch (random.below(6)) {
    case 0:
      return {json, JsonKind::invalid};  // cut off
    case 1:
      return {json + R"(, "bad escape": "\x41"})", JsonKind::invalid};
    case 2:
      return {"NULL", JsonKind::invalid};
    case 3:
      return {json + R"(, "self": <circular>})", JsonKind::invalid};
    case 4:
      return {"{'order': None, 'urgent': True}", JsonKind::invalid};
    default:
      return json_text(random, JsonKind::invalid, random.below(100));
  }
}

JsonText nul_context(Random& random) {
  if (random.chance(500)) {
    return json_text(random, JsonKind::nul, random.below(100));
  }
  const std::size_t size = any_size(random);
  return {open_object(random, size) + R"(, "barcode": "A\u0000B"})", JsonKind::nul};
}

}  // namespace

JsonText notification_context(const Notification& notification) {
  constexpr std::size_t over_a_megabyte = 1'200'000;
  Random random(notification.context_seed, "context");
  switch (notification.context_kind) {
    case ContextKind::invalid:
      return bad_context(random);
    case ContextKind::nul:
      return nul_context(random);
    case ContextKind::huge:
      return {open_object(random, over_a_megabyte) + "}", JsonKind::valid};
    case ContextKind::sound:
      break;
  }
  return sound_context(random);
}

}  // namespace mighost::dataset

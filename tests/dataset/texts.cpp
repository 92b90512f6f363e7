#include "texts.hpp"

#include <array>
#include <span>

namespace mighost::dataset {

namespace {

using Words = std::span<const std::string_view>;

// Thousands of full names are needed that do not repeat by chance, so most are put together from
// parts; the whole ones are those with something to stumble over.
struct NameParts {
  Words whole_first, first_begin, first_end;
  Words whole_last, last_begin, last_end;
};

constexpr std::string_view english_whole_first[] = {"Mary Ann", "Jo-Ann", "D'Arcy", "Anne  Marie"};
constexpr std::string_view english_first_begin[] = {"Al",  "Bren", "Car", "Den", "Ed",  "Fran",
                                                    "Ger", "Har",  "Jan", "Ken", "Lor", "Mar",
                                                    "Nor", "Pat",  "Ros", "Ter"};
constexpr std::string_view english_first_end[] = {"a", "an", "en", "ie", "ina", "is", "ton", "vin"};
constexpr std::string_view english_whole_last[] = {"O'Neil",   "D'Amico", "Smith-Jones",
                                                   "St. John", "Nullman", "Noneman"};
constexpr std::string_view english_last_begin[] = {
    "Ash", "Black", "Clay", "Dun",  "East", "Fair", "Green", "Hart", "Kirk", "Lang",
    "Mel", "North", "Oak",  "Park", "Rad",  "Shel", "Thorn", "Wal",  "West", "Wood"};
constexpr std::string_view english_last_end[] = {"bourne", "by",  "cliff", "don",  "field",
                                                 "ford",   "ham", "ley",   "man",  "more",
                                                 "son",    "ton", "ville", "wick", "worth"};
constexpr std::string_view japanese_first_begin[] = {"健", "美", "大", "陽", "拓",
                                                     "真", "翔", "花", "直", "裕"};
constexpr std::string_view japanese_first_end[] = {"一", "子", "太", "也", "美", "介", "香", "樹"};
constexpr std::string_view japanese_whole_last[] = {"髙﨑", "𠮷田", "渡邊"};
constexpr std::string_view japanese_last_begin[] = {"佐", "高", "田", "伊", "山", "中",
                                                    "小", "松", "石", "前", "林", "清"};
constexpr std::string_view japanese_last_end[] = {"藤", "橋", "中", "本", "村",
                                                  "野", "田", "川", "原", "水"};
constexpr std::string_view thai_first_begin[] = {"สม", "วิ", "อนุ", "ประ", "ธนา", "กาน", "นภา"};
constexpr std::string_view thai_first_end[] = {"ชาย", "หญิง", "ภา", "เสริฐ", "กร", "ดา", "พร"};
constexpr std::string_view thai_last_begin[] = {"ศรี", "ทอง", "แสง", "บุญ", "รุ่ง", "แก้ว"};
constexpr std::string_view thai_last_end[] = {"สุข", "ดี", "จันทร์", "มา", "เรือง", "ชัย"};
// The marks U+200F around Arabic names come from copied forms.
constexpr std::string_view arabic_whole_first[] = {"ليلى", "أحمد",       "\u200Fيوسف", "فاطمة",
                                                   "عمر",  "مريم\u200F", "خالد",       "سارة"};
constexpr std::string_view arabic_last_begin[] = {"حداد",  "الخطيب", "نصّار",  "منصور",
                                                  "العلي", "قاسم",   "درويش", "شاهين"};
constexpr std::string_view arabic_last_end[] = {"",        " الصغير", " الكبير",
                                                " المصري", " الشامي", " النجار"};
constexpr std::string_view european_whole_first[] = {
    "Zoë",  "Jürgen",     "Søren", "Łukasz",   "Nguyễn",
    "Đặng", "Jose\u0301", "Iñaki", "François", "Ana \"Nina\""};
constexpr std::string_view european_whole_last[] = {"van Dijk", "Back\\slash", "O’Brien", "Trần"};
constexpr std::string_view european_last_begin[] = {"Mül", "Ång", "Kowal", "Peñ", "Çel", "Strauß",
                                                    "Köh", "Brú", "Hör",   "Žiž", "Sø",  "Grön"};
constexpr std::string_view european_last_end[] = {"ler",  "ström", "ski", "ara", "ik",
                                                  "berg", "feld",  "ová", "sen", "ndez"};

// In the order of Script.
constexpr std::array<NameParts, 5> names = {{
    {english_whole_first, english_first_begin, english_first_end, english_whole_last,
     english_last_begin, english_last_end},
    {{},
     japanese_first_begin,
     japanese_first_end,
     japanese_whole_last,
     japanese_last_begin,
     japanese_last_end},
    {{}, thai_first_begin, thai_first_end, {}, thai_last_begin, thai_last_end},
    {arabic_whole_first, {}, {}, {}, arabic_last_begin, arabic_last_end},
    {european_whole_first, english_first_begin, english_first_end, european_whole_last,
     european_last_begin, european_last_end},
}};

std::string composed(Random& random, Words whole, Words begin, Words end) {
  if (begin.empty() || (!whole.empty() && random.chance(80))) {
    return std::string(random.one_of(whole));
  }
  std::string name(random.one_of(begin));
  name += random.one_of(end);
  return name;
}

constexpr std::array<std::string_view, 20> remarks = {
    "Please keep the midline and close the diastema.",
    "Do not move tooth 11; crown placed last year.",
    "Patient prefers \"invisible\" attachments, see photo #3.",
    "Scan path was C:\\scans\\new\\upper.stl\tand lower.stl",
    "First line\r\nSecond line\r\n\r\nLast line",
    "Unix line\nanother one",
    "It's urgent -- the wedding is in June!",
    "下顎前歯の叢生を改善してください。IPRは0.3mmまで。",
    "上顎の拡大は不要です。\n写真を添付しました。",
    "กรุณาปิดช่องว่างระหว่างฟันหน้า",
    "ส่งงานด่วน ภายในสัปดาห์หน้า",
    "\u200Fيرجى تصحيح العضة العميقة\u200F قبل التسليم",
    "Great result 😀👍🏽 thank you 🦷",
    "Smart quotes “as pasted” – and an em dash — from a word processor…",
    "100% approved; price = $0; 'free' case",
    "\\N is not NULL here, and neither is \\.",
    "Trailing blanks stay   ",
    "{\"looks\": \"like JSON\"} but is a note",
    "<b>HTML</b> &amp; entities &lt;3",
    "Zero width\u200B and byte order mark \uFEFF inside"};

constexpr std::array<std::string_view, 12> valid_json = {
    R"({"aligners": 24, "attachments": true})",
    R"({"torque": -7.5, "slot": 0.022, "notes": null})",
    R"({ "nested": {"list": [1, 2, {"deep": []}]}, "empty": {} })",
    R"([{"step": 1}, {"step": 2}])",
    R"({"日本語": "はい", "emoji": "🦷"})",
    R"({"escaped": "\u3042\ud83d\ude00\n\"quoted\" \\ \/"})",
    R"({"not a nul": "path \\u0000 stays", "odd": "\\\\u0000"})",
    R"({"precise": 12345678901234567890.123456789, "small": 1e-7})",
    R"({"twice": 1, "twice": 2})",
    "{\n  \"pretty\": \"printed\",\r\n\t\"tabs\": [ ]\n}",
    R"("just a string")",
    R"([])"};

constexpr std::array<std::string_view, 10> invalid_json = {
    R"({'clear': True, 'torque': None})", R"({"truncated": [1, 2)",
    R"({"trailing": "comma",})",          "undefined",
    R"({"not a number": NaN})",           R"({"malformed": "\x41"})",
    R"({"lone surrogate": "\ud83d"})",    R"({"first": 1} {"second": 2})",
    "{\"raw line\nbreak\": 1}",           R"({'python': '\u0000'})"};

constexpr std::array<std::string_view, 5> nul_json = {
    R"({"note": "before\u0000after"})", R"({"\u0000key": "value"})",
    R"({"two": "\u0000\u0000", "kept": "\\u0000"})", R"({"after a backslash": "\\\u0000"})",
    R"(["\u0000", "日本語\u0000"])"};

constexpr std::array<std::string_view, 6> empties = {"", " ", "null", "None", "NULL", "\u3000\t"};

}  // namespace

Script any_script(Random& random) {
  constexpr std::array<std::uint32_t, 5> weights = {68, 14, 8, 3, 7};
  return static_cast<Script>(random.weighted(weights));
}

FullName full_name(Random& random, Script script) {
  const NameParts& parts = names[static_cast<std::size_t>(script)];
  FullName name;
  name.first = composed(random, parts.whole_first, parts.first_begin, parts.first_end);
  name.last = composed(random, parts.whole_last, parts.last_begin, parts.last_end);
  return name;
}

std::string roughened(Random& random, std::string text) {
  if (!random.chance(30)) {
    return text;
  }
  constexpr std::array<std::string_view, 5> blanks = {" ", "  ", "\u00A0", "\u3000", "\t"};
  const std::size_t inner = text.find(' ');
  if (inner != std::string::npos) {
    text.insert(inner, random.one_of(blanks));
  }
  text.insert(0, random.one_of(blanks));
  text += random.one_of(blanks);
  return text;
}

std::string empty_text(Random& random) { return std::string(random.one_of(empties)); }

std::string remark(Random& random) {
  std::string text(random.one_of(remarks));
  while (random.chance(250)) {
    text += ' ';
    text += random.one_of(remarks);
  }
  if (random.below(2000) == 0) {
    while (text.size() < 20'000) {
      text += random.one_of(remarks);
    }
  }
  return text;
}

JsonText json_text(Random& random, JsonKind kind, std::size_t rotation) {
  switch (kind) {
    case JsonKind::valid:
      return {std::string(random.one_of(valid_json)), kind};
    case JsonKind::invalid:
      return {std::string(invalid_json[rotation % invalid_json.size()]), kind};
    case JsonKind::nul:
      return {std::string(nul_json[rotation % nul_json.size()]), kind};
    case JsonKind::empty:
      break;
  }
  return {std::string(), JsonKind::empty};
}

JsonText healthy_json(Random& random) {
  constexpr std::array<std::uint32_t, 3> weights = {70, 3, 27};
  switch (random.weighted(weights)) {
    case 0:
      return {"{}", JsonKind::valid};
    case 1:
      return json_text(random, JsonKind::empty, 0);
    default:
      return json_text(random, JsonKind::valid, 0);
  }
}

}  // namespace mighost::dataset

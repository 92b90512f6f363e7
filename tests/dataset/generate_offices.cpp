// Offices of ten countries, their owners, and the links between offices and doctors.

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "core_parts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view usa_spellings[] = {"USA",  "USA",           "USA",
                                              "US",   "usa",           "U.S.A.",
                                              " USA", "United States", "united  states of america",
                                              "U.S."};
constexpr std::string_view india_spellings[] = {"India", "INDIA", "india "};
constexpr std::string_view japan_spellings[] = {"Japan", "japan", "JAPAN"};
constexpr std::string_view thailand_spellings[] = {"Thailand", "thailand"};
constexpr std::string_view vietnam_spellings[] = {"Vietnam", "viet nam"};
constexpr std::string_view australia_spellings[] = {"Australia"};
constexpr std::string_view other_spellings[] = {"Philippines", "SINGAPORE", "France",
                                                "new\u00A0zealand"};

constexpr std::string_view usa_cities[] = {"Springfield", "Riverside", "St. Paul", "Salem"};
constexpr std::string_view india_cities[] = {"Mumbai", "New Delhi", "Pune"};
constexpr std::string_view japan_cities[] = {"東京都", "大阪市", "Sapporo"};
constexpr std::string_view thailand_cities[] = {"กรุงเทพฯ", "Chiang Mai"};
constexpr std::string_view other_cities[] = {"Hà Nội", "Melbourne", "Auckland", "Lyon"};

constexpr std::string_view usa_zips[] = {"62701", "92501-1234", "05401", "97301"};
constexpr std::string_view india_zips[] = {"400001", "110 001"};
constexpr std::string_view japan_zips[] = {"150-0001", "〒530-0001"};
constexpr std::string_view other_zips[] = {"10110", "SW1A 1AA", "K1A 0B1", " 3000 "};

constexpr std::string_view usa_phones[] = {"(217) 555-0134", "+1 951 555 0188 ext. 12",
                                           "217.555.0101", "1-800-55SMILE-0"};
constexpr std::string_view india_phones[] = {"+91 22 5550 0134", "022-5550-0199"};
constexpr std::string_view japan_phones[] = {"03-5550-0134", "+81 (0)3 5550 0188"};
constexpr std::string_view other_phones[] = {"+66 2 555 0134", "0612 555 017"};
constexpr std::string_view bad_phones[] = {"ext 12", "n/a", "555-01", "call the front desk"};

constexpr std::string_view office_names[] = {
    "Smile Orthodontics", "Downtown Braces", "O'Connor & Sons Dental",
    "矯正歯科クリニック", "Family Dental",   "คลินิกจัดฟัน",
    "ORTHO 4 U",          "Lingual Center"};

// Percents times 10,000, so that all have the four decimals of the real column.
constexpr std::int64_t usa_taxes[] = {0, 102'500, 72'500, 82'500, 88'800, 60'000, 47'500, 95'000};
constexpr std::int64_t india_taxes[] = {180'000, 120'000};
constexpr std::int64_t japan_taxes[] = {100'000, 80'000};
constexpr std::int64_t other_taxes[] = {0, 70'000, 100'000, 1'000'000};

struct Country {
  std::uint32_t weight;
  Words spellings, cities, zips, phones;
  std::span<const std::int64_t> taxes;
};

constexpr std::array<Country, 8> countries = {{
    {553, usa_spellings, usa_cities, usa_zips, usa_phones, usa_taxes},
    {155, india_spellings, india_cities, india_zips, india_phones, india_taxes},
    {110, japan_spellings, japan_cities, japan_zips, japan_phones, japan_taxes},
    {64, thailand_spellings, thailand_cities, other_zips, other_phones, other_taxes},
    {4, vietnam_spellings, other_cities, other_zips, other_phones, other_taxes},
    {3, australia_spellings, other_cities, other_zips, other_phones, other_taxes},
    {5, other_spellings, other_cities, other_zips, other_phones, other_taxes},
    {4, {}, other_cities, other_zips, other_phones, other_taxes},  // country NULL
}};

const Country& any_country(Random& random) {
  std::array<std::uint32_t, countries.size()> weights{};
  std::transform(countries.begin(), countries.end(), weights.begin(),
                 [](const Country& country) { return country.weight; });
  return countries[random.weighted(weights)];
}

std::optional<std::string> maybe(Random& random, std::uint32_t per_thousand,
                                 const std::string& text) {
  return random.chance(per_thousand) ? std::optional<std::string>(roughened(random, text))
                                     : std::nullopt;
}

Office make_office(Random& random, int id) {
  constexpr std::array<std::string_view, 4> states = {"ca", "IL", " or ", "Île-de-France"};
  const Country& country = any_country(random);
  Office office;
  office.id = id;
  // Eight names and few streets for hundreds of offices: doubles are meant (D-18).
  office.name = roughened(random, std::string(random.one_of(office_names)));
  office.address = maybe(random, 950, std::to_string(random.between(1, 300)) + " Main Street");
  office.apartment = random.chance(100) ? std::optional<std::string>(empty_text(random))
                                        : maybe(random, 200, "Suite #" + std::to_string(id));
  office.city = maybe(random, 970, std::string(random.one_of(country.cities)));
  office.state = maybe(random, 700, std::string(random.one_of(states)));
  office.zip = maybe(random, 940, std::string(random.one_of(country.zips)));
  if (!country.spellings.empty()) {
    office.country = std::string(random.one_of(country.spellings));
  }
  office.phone = random.chance(50) ? std::optional<std::string>(empty_text(random))
                                   : maybe(random, 900, std::string(random.one_of(country.phones)));
  const std::int64_t tax = random.one_of(country.taxes);
  office.tax_rate =
      tax % 10'000 == 0 && random.chance(300) ? Decimal{tax / 10'000, 0} : Decimal{tax, 4};
  if (random.chance(300)) {
    office.sq_customer_id = random.characters("ABCDEFGHJKMNPQRSTVWXYZ0123456789", 26);
  }
  office.emails = random.chance(600);
  return office;
}

// The busiest first: patients are dealt out by this order later on.
void rank_doctors(Dataset& dataset) {
  Random random = dataset.random("practising doctors");
  auto members =
      indexes_where(dataset.users, [](const User& user) { return user.groups.test(group_doctor); });
  random.shuffle(members);
  // Of every three doctors outside the group, one is named by an office only.
  for (std::size_t i = 0; i < dataset.outside_doctors.size(); ++i) {
    if (i % 3 != 1) {
      dataset.practising.push_back(dataset.outside_doctors[i]);
    }
  }
  const auto patient_doctor =
      std::find_if(members.begin(), members.end(),
                   [&dataset](std::size_t user) { return dataset.users[user].patient; });
  if (patient_doctor != members.end()) {
    std::iter_swap(members.begin(), patient_doctor);
  }
  // 440 of about 1,181 doctors have patients.
  const std::size_t wanted = std::max<std::size_t>(5, members.size() * 3726 / 10'000);
  for (std::size_t i = 0; i < wanted && i < members.size(); ++i) {
    dataset.practising.push_back(members[i]);
  }
  random.shuffle(dataset.practising);
}

void assign_owners(Dataset& dataset) {
  Random random = dataset.random("office owners");
  const auto members =
      indexes_where(dataset.users, [](const User& user) { return user.groups.test(group_doctor); });
  for (Office& office : dataset.offices) {
    if (random.chance(850)) {
      office.owner =
          random.chance(600) ? random.one_of(dataset.practising) : random.one_of(members);
    }
  }
  for (std::size_t i = 1; i < dataset.outside_doctors.size(); i += 3) {
    dataset.offices[i % dataset.offices.size()].owner = dataset.outside_doctors[i];
  }
}

// Users who are no doctors by any rule, for links that lead nowhere.
std::vector<std::size_t> users_never_doctors(const Dataset& dataset) {
  const std::set<std::size_t> outside(dataset.outside_doctors.begin(),
                                      dataset.outside_doctors.end());
  std::vector<std::size_t> users;
  for (std::size_t user = 0; user < dataset.users.size(); ++user) {
    if (!dataset.users[user].groups.test(group_doctor) && !outside.contains(user)) {
      users.push_back(user);
    }
  }
  return users;
}

void generate_links(Dataset& dataset) {
  Random random = dataset.random("office doctors");
  IdAllocator ids(dataset.random("office doctor ids"), 1, 180);
  const std::size_t count = dataset.knobs.count("office_doctors");
  const std::size_t unknown = dataset.knobs.planted("link_unknown_doctor", count);
  std::vector<std::size_t> doctors = dataset.practising;
  const std::set<std::size_t> practising(doctors.begin(), doctors.end());
  for (std::size_t user = 0; user < dataset.users.size(); ++user) {
    if (dataset.users[user].groups.test(group_doctor) && !practising.contains(user)) {
      doctors.push_back(user);
    }
  }
  if (count > doctors.size() * dataset.offices.size() / 2 || unknown > count) {
    throw Error("there are not so many pairs of office and doctor", "knob office_doctors",
                "lower it, or raise offices or doctors");
  }
  // About 3 % of the links are a doctor's second one.
  const std::size_t spread = std::min(doctors.size(), std::max<std::size_t>(1, count * 97 / 100));
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  const auto strangers =
      choose(random, users_never_doctors(dataset), unknown, "link_unknown_doctor");
  while (pairs.size() < count) {
    const std::size_t number = pairs.size();
    const bool stranger = number >= count - unknown;
    const std::size_t user = stranger
                                 ? strangers[number - (count - unknown)]
                                 : doctors[number < spread ? number : random.below(doctors.size())];
    const std::size_t office = random.below(dataset.offices.size());
    if (pairs.emplace(office, user).second) {
      dataset.office_doctors.push_back({ids.next(), office, user});
      dataset.offices[office].spared |= stranger;
    }
  }
}

void plant_within_offices(Dataset& dataset) {
  Random random = dataset.random("office dirt");
  const std::size_t count = dataset.offices.size();
  const auto any = [](const Office&) { return true; };
  for (const std::size_t office :
       choose(random, indexes_where(dataset.offices, any),
              dataset.knobs.planted("invalid_office", count), "invalid_office")) {
    dataset.offices[office].valid = false;
  }
  // Spared, so that the remark is not lost with a quarantined office.
  const auto sound = [](const Office& office) { return !office.planted() && !office.spared; };
  for (const std::size_t office :
       choose(random, indexes_where(dataset.offices, sound),
              dataset.knobs.planted("office_null_name", count), "office_null_name")) {
    dataset.offices[office].name =
        random.chance(300) ? std::nullopt : std::optional<std::string>(empty_text(random));
    dataset.offices[office].name_missing = true;
  }
  std::size_t rotation = random.below(4);
  for (const std::size_t office : choose(random, indexes_where(dataset.offices, sound),
                                         dataset.knobs.planted("phone_bad", count), "phone_bad")) {
    dataset.offices[office].phone = std::string(bad_phones[rotation++ % std::size(bad_phones)]);
    dataset.offices[office].phone_bad = true;
  }
}

}  // namespace

void generate_offices(Dataset& dataset) {
  Random random = dataset.random("offices");
  IdAllocator ids(dataset.random("office ids"), 1, 60);
  for (std::size_t i = 0; i < dataset.knobs.count("offices"); ++i) {
    dataset.offices.push_back(make_office(random, ids.next()));
  }
  if (dataset.offices.size() < 4) {
    throw Error("too few offices", "knob offices", "give at least 4");
  }
  rank_doctors(dataset);
  assign_owners(dataset);
  generate_links(dataset);
  plant_within_offices(dataset);
}

void write_offices(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_office",
              "id, doctor_id, name, address, apt, city, state, zip, country, phone, tax_rate,"
              " valid, sq_customer_id, emails",
              dataset.offices, [&dataset](TableWriter& writer, const Office& office) {
                writer.row(office.id, id_of(dataset.users, office.owner), office.name,
                           office.address, office.apartment, office.city, office.state, office.zip,
                           office.country, office.phone, office.tax_rate, office.valid,
                           office.sq_customer_id, office.emails);
              });
  write_table(sink, "dispatch_office_doctors", "id, office_id, user_id", dataset.office_doctors,
              [&dataset](TableWriter& writer, const OfficeDoctor& link) {
                writer.row(link.id, dataset.offices[link.office].id, dataset.users[link.user].id);
              });
}

}  // namespace mighost::dataset

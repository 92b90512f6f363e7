// Tables that nobody migrates (domain 1.8, 8.1): a preflight lists them as unmapped, and some have
// been mistaken for business tables. A few rows each, kept nowhere: they are drawn while written.

#include <algorithm>
#include <array>

#include "dealing.hpp"
#include "financial_parts.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

Instant any_time(Random& random) {
  const std::int64_t end = start_of(today()).micros;
  return {random.between(end - 900 * micros_per_day, end)};
}

// Agents are compute servers and no people, instances are running 3D sessions and no cases.
void write_servers(const Dataset& dataset, Sink& sink) {
  constexpr int agents = 2;
  Random random = dataset.random("servers");
  TableWriter agent(sink, "dispatch_agent", "id, name, address, port, cpu, memory, memory_used");
  for (int id = 1; id <= agents; ++id) {
    const std::int64_t used = random.between(1'000'000'000, 60'000'000'000);
    agent.row(id, "render-" + std::to_string(id), "render.example.org", 7000 + id,
              Decimal{random.between(10, 9'900), 2}, std::int64_t{64'000'000'000}, used);
  }
  agent.finish();

  TableWriter instance(sink, "dispatch_instance",
                       "id, agent_id, opener_id, port, project_id, queue, run_at");
  IdAllocator ids(dataset.random("instance ids"), 11, 300);
  for (int i = 0; i < 29 && !dataset.projects.empty(); ++i) {
    const Project& project = random.one_of(dataset.projects);
    const int agent_id = static_cast<int>(random.between(1, agents));
    const User& opener = random.one_of(dataset.users);
    const char* queue = random.chance(500) ? "interactive" : "batch";
    instance.row(ids.next(), agent_id, opener.id, 9000 + i, project.id, queue, any_time(random));
  }
  instance.finish();

  TableWriter storage(sink, "dispatch_storage", "id, name, address, port, disk_total, disk_free");
  storage.row(1, "files", "files.example.org", 445, std::int64_t{48'000'000'000'000},
              std::int64_t{7'300'000'000'000});
  storage.finish();

  TableWriter setting(sink, "dispatch_globalsetting",
                      "id, version, support_email, reset_discount_date");
  setting.row(1, "4.18.2", "support@example.org", date_of(2026, 1, 1));
  setting.finish();
}

void write_catalogue_leftovers(const Dataset& dataset, Sink& sink) {
  TableWriter language(sink, "dispatch_language", "id, code, name");
  language.row(1, "en", "English");
  language.row(2, "ja", "日本語");
  language.row(4, "th", "ไทย");
  language.finish();

  TableWriter link(sink, "dispatch_link", "id, name, url");
  link.row(1, "Manual", "https://example.org/manual?lang=en&page=1");
  link.row(3, "", std::nullopt);
  link.finish();

  TableWriter client(sink, "dispatch_client", "id, name, version");
  client.row(1, "desktop", "2.4.1");
  client.row(2, "desktop", "2.5.0-rc1");
  client.finish();

  TableWriter client3d(sink, "dispatch_client3d", "id, name, version");
  client3d.row(1, "viewer", "11.0");
  client3d.finish();

  Random random = dataset.random("wares");
  IdAllocator ids(dataset.random("ware ids"), 1, 100);
  TableWriter ware(sink, "dispatch_ware", "id, name");
  for (std::size_t i = 0; i < dataset.knobs.count("wares"); ++i) {
    constexpr std::array<std::string_view, 4> names = {"Wire 0.016", "Tube", "ワイヤー", "Tray"};
    ware.row(ids.next(), std::string(random.one_of(names)) + " " + std::to_string(i));
  }
  ware.finish();

  TableWriter product_role(sink, "dispatch_product_roles", "id, product_id, role_id");
  for (std::size_t i = 0; i < std::min(dataset.products.size(), dataset.roles.size()); ++i) {
    product_role.row(static_cast<int>(i + 1), dataset.products[i].named.id,
                     dataset.roles[i].named.id);
  }
  product_role.finish();

  TableWriter successor(sink, "dispatch_product_successors", "id, from_product_id, to_product_id");
  for (std::size_t i = 1; i < dataset.products.size(); i += 3) {
    successor.row(static_cast<int>(i), dataset.products[i - 1].named.id,
                  dataset.products[i].named.id);
  }
  successor.finish();
}

// Who has read which record.
void write_readings(const Dataset& dataset, Sink& sink) {
  Random random = dataset.random("readings");
  IdAllocator ids(dataset.random("reading ids"), 1, 50);
  TableWriter writer(sink, "dispatch_reading", "id, record_id, user_id, read_at");
  for (const Record& record : dataset.business.records) {
    if (random.chance(200)) {
      const User& reader = random.one_of(dataset.users);
      writer.row(ids.next(), record.id, reader.id, any_time(random));
    }
  }
  writer.finish();
}

// Who may see whose doctors.
void write_staff_tables(const Dataset& dataset, Sink& sink) {
  const auto masters =
      indexes_where(dataset.users, [](const User& user) { return user.groups.test(group_master); });
  TableWriter master(sink, "dispatch_master", "id, user_id, parent_id");
  for (std::size_t i = 0; i < std::min<std::size_t>(masters.size(), 6); ++i) {
    const auto parent = i == 0 ? std::nullopt : std::optional<int>(static_cast<int>((i + 1) / 2));
    master.row(static_cast<int>(i + 1), dataset.users[masters[i]].id, parent);
  }
  master.finish();

  Random random = dataset.random("doctor setting people");
  for (const char* table : {"dispatch_doctorsetting_masters", "dispatch_doctorsetting_sales"}) {
    IdAllocator ids(dataset.random(table), 1, 200);
    TableWriter writer(sink, table, "id, doctorsetting_id, user_id");
    for (const DoctorSetting& setting : dataset.doctor_settings) {
      if (!masters.empty() && random.chance(100)) {
        writer.row(ids.next(), setting.id, dataset.users[random.one_of(masters)].id);
      }
    }
    writer.finish();
  }
}

void write_rights(const Dataset& dataset, Sink& sink) {
  Random random = dataset.random("rights");
  TableWriter group_right(sink, "auth_group_permissions", "id, group_id, permission_id");
  int id = 0;
  for (const NamedRow& group : dataset.groups) {
    const std::size_t first = random.below(dataset.permissions.size() - 3);
    for (std::size_t i = 0; i < 3; ++i) {
      group_right.row(++id, group.id, dataset.permissions[first + i].id);
    }
  }
  group_right.finish();

  TableWriter user_right(sink, "auth_user_user_permissions", "id, user_id, permission_id");
  id = 0;
  for (std::size_t user = 3; user < dataset.users.size() && id < 12; user += 7) {
    const std::size_t permission = random.below(dataset.permissions.size());
    user_right.row(++id, dataset.users[user].id, dataset.permissions[permission].id);
  }
  user_right.finish();
}

// What the framework keeps for itself. No session and no token is anybody's.
void write_other_framework_tables(const Dataset& dataset, Sink& sink) {
  Random random = dataset.random("framework");
  TableWriter migration(sink, "django_migrations", "id, app, name, applied");
  constexpr std::array<std::string_view, 4> steps = {"0001_initial", "0002_jaw", "0003_send",
                                                     "0004_bracket_type"};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    migration.row(static_cast<int>(i + 1), "dispatch", steps[i],
                  start_of(date_of(2018 + static_cast<int>(i), 3, 1)));
  }
  migration.finish();

  TableWriter site(sink, "django_site", "id, domain, name");
  site.row(1, "lab.example.org", "lab");
  site.finish();

  TableWriter session(sink, "django_session", "session_key, session_data, expire_date");
  for (int i = 0; i < 10; ++i) {
    const std::string key = random.characters("abcdefghijklmnopqrstuvwxyz0123456789", 32);
    const std::string data = random.characters("ABCDEFGHIJKLMNOPabcdefghijklmnop", 80);
    session.row(key, data, any_time(random));
  }
  session.finish();

  TableWriter log(sink, "django_admin_log",
                  "id, action_time, object_id, object_repr, action_flag, change_message,"
                  " content_type_id, user_id");
  const std::size_t logged = std::min<std::size_t>(200, dataset.instructions.size());
  for (std::size_t i = 0; i < logged; ++i) {
    const int object = dataset.instructions[random.below(dataset.instructions.size())].id;
    const ContentType& type = random.one_of(dataset.content_types);
    const User& user = random.one_of(dataset.users);
    const int flag = static_cast<int>(random.between(1, 3));
    log.row(static_cast<int>(2 * i + 1), any_time(random), std::to_string(object),
            type.model + " object (" + std::to_string(object) + ")", flag,
            flag == 2 ? R"([{"changed": {"fields": ["Status"]}}])" : "", type.id, user.id);
  }
  log.finish();
}

void write_addresses(const Dataset& dataset, Sink& sink) {
  Random random = dataset.random("addresses");
  std::vector<int> users;
  TableWriter address(sink, "account_emailaddress", "id, email, verified, \"primary\", user_id");
  for (const User& user : dataset.users) {
    if (user.email.find('@') != std::string::npos && random.chance(400)) {
      users.push_back(user.id);
      address.row(static_cast<int>(users.size()), user.email, random.chance(800), true, user.id);
    }
  }
  address.finish();

  TableWriter confirmation(sink, "account_emailconfirmation",
                           "id, created, sent, key, email_address_id");
  for (std::size_t i = 0; i < std::min<std::size_t>(users.size(), 5); ++i) {
    const Instant created = any_time(random);
    const std::string key = random.characters("abcdefghijklmnopqrstuvwxyz0123456789", 64);
    confirmation.row(static_cast<int>(i + 1), created, created, key, static_cast<int>(i + 1));
  }
  confirmation.finish();

  TableWriter device(sink, "otp_email_emaildevice",
                     "id, name, confirmed, email, token, valid_until, user_id");
  for (std::size_t i = 0; i < std::min<std::size_t>(users.size(), 8); ++i) {
    device.row(static_cast<int>(i + 1), "email", true, std::nullopt, std::nullopt, any_time(random),
               users[i]);
  }
  device.finish();
}

}  // namespace

void write_unmapped(const Dataset& dataset, Sink& sink) {
  write_servers(dataset, sink);
  write_catalogue_leftovers(dataset, sink);
  write_readings(dataset, sink);
  write_staff_tables(dataset, sink);
  write_rights(dataset, sink);
  write_other_framework_tables(dataset, sink);
  write_addresses(dataset, sink);
}

}  // namespace mighost::dataset

// The small reference tables: content types, permissions, groups, courses, products, categories,
// roles and what the roles may do.

#include <algorithm>
#include <array>
#include <set>

#include "core_parts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

struct KnownContentType {
  int id;  // 0: any free one
  std::string_view app_label;
  std::string_view model;
};

constexpr std::array<KnownContentType, 15> known_content_types = {{
    {1, "admin", "logentry"},
    {2, "auth", "permission"},
    {3, "auth", "group"},
    {4, "auth", "user"},
    {5, "contenttypes", "contenttype"},
    {6, "sessions", "session"},
    {8, "dispatch", "file"},
    {11, "dispatch", "patient"},
    {12, "dispatch", "plan"},
    {58, "dispatch", "userproxy"},
    {0, "sites", "site"},
    {0, "account", "emailaddress"},
    {0, "account", "emailconfirmation"},
    {0, "otp_email", "emaildevice"},
    {0, "dispatch", "office"},
}};

constexpr std::array<std::string_view, 36> further_models = {
    "instruction", "jaw",      "project",      "task",          "template",    "record",
    "comment",     "note",     "notification", "order",         "payment",     "operation",
    "purchase",    "offer",    "discount",     "product",       "course",      "category",
    "role",        "state",    "bracket",      "doctorsetting", "usersetting", "globalsetting",
    "agent",       "instance", "storage",      "action",        "event",       "reading",
    "link",        "language", "client",       "client3d",      "master",      "ware"};

constexpr std::array<std::string_view, group_count> group_names = {
    "Patient", "Doctor", "Administrator", "Master", "Technician",
    "Billing", "Export", "External",      "Sales",  "Support"};

void generate_content_types(Dataset& dataset) {
  std::vector<KnownContentType> types(known_content_types.begin(), known_content_types.end());
  for (const std::string_view model : further_models) {
    types.push_back({0, "dispatch", model});
  }
  std::set<int> taken;
  for (const KnownContentType& type : types) {
    taken.insert(type.id);
  }
  std::vector<int> ids;
  int free_id = 1;
  for (const KnownContentType& type : types) {
    while (type.id == 0 && taken.contains(free_id)) {
      ++free_id;
    }
    ids.push_back(type.id != 0 ? type.id : free_id++);
  }
  // The ids differ between environments, so nobody may rely on the known ones.
  if (dataset.knobs.count("shuffle_content_types") != 0) {
    dataset.random("content type ids").shuffle(ids);
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    dataset.content_types.push_back(
        {ids[i], std::string(types[i].app_label), std::string(types[i].model)});
  }
}

void generate_permissions(Dataset& dataset) {
  IdAllocator ids(dataset.random("permission ids"), 1, 60);
  constexpr std::array<std::string_view, 4> verbs = {"add", "change", "delete", "view"};
  for (std::size_t type = 0; type < dataset.content_types.size(); ++type) {
    const std::string& model = dataset.content_types[type].model;
    for (const std::string_view verb : verbs) {
      dataset.permissions.push_back({ids.next(), "Can " + std::string(verb) + " " + model, type,
                                     std::string(verb) + "_" + model});
    }
  }
}

void generate_groups(Dataset& dataset) {
  std::vector<int> known = {1, 2, 4, 5, 11};
  std::vector<int> others = {3, 6, 7, 8, 10};
  Random random = dataset.random("group ids");
  random.shuffle(others);
  known.insert(known.end(), others.begin(), others.end());
  if (dataset.knobs.count("shuffle_group_ids") != 0) {
    random.shuffle(known);
  }
  for (std::size_t group = 0; group < group_count; ++group) {
    dataset.groups.push_back({known[group], std::string(group_names[group]), false});
  }
}

void generate_courses(Dataset& dataset) {
  using Price = std::optional<Decimal>;
  const auto add = [&dataset](int id, const char* name, Price price, std::optional<bool> active) {
    Random random = dataset.random("course " + std::to_string(id));
    Course course;
    course.named = {id, name, false};
    course.type = id <= 4 ? std::optional<int>(1) : std::optional<int>(2);
    course.customization = healthy_json(random);
    course.description = id == 4 ? std::nullopt : std::optional<std::string>(remark(random));
    course.price = price;
    course.active = active;
    dataset.courses.push_back(course);
  };
  add(1, "Main", Decimal{149500, 2}, true);
  add(2, "Refinement", Decimal{0, 2}, true);
  add(3, " Replacement ", Decimal{150, 0}, std::nullopt);
  add(4, "Any", std::nullopt, false);
  add(7, "Invoice", std::nullopt, true);
  add(8, "Merchandise", Decimal{255000, 4}, true);
  constexpr std::array<int, 2> gaps = {5, 6};
  for (std::size_t i = 0; i < dataset.knobs.planted("course_unknown", 0); ++i) {
    const int id = i < gaps.size() ? gaps[i] : static_cast<int>(7 + i);
    add(id, "Retainer", Decimal{9900, 2}, true);
    dataset.courses.back().unknown = true;
  }
}

void generate_products(Dataset& dataset) {
  constexpr std::array<std::string_view, 7> names = {
      "Lingual set",           "Labial set",      "Aligner, full", "Aligner (express)",
      "Indirect bonding tray", "Retainer 固定式", "Study model"};
  IdAllocator ids(dataset.random("product ids"), 3, 300);
  Random random = dataset.random("products");
  const std::size_t live = dataset.knobs.count("products");
  const std::size_t deleted = dataset.knobs.count("products_deleted");
  const auto add = [&](std::optional<std::size_t> course) {
    const std::size_t index = dataset.products.size();
    Product product;
    product.named = {ids.next(), roughened(random, std::string(names[index % names.size()])),
                     false};
    product.description =
        random.chance(600) ? std::optional<std::string>(remark(random)) : std::nullopt;
    product.free = random.chance(100);
    product.deleted = index >= live && index < live + deleted;
    product.customization = healthy_json(random);
    product.type = random.chance(800) ? std::optional<int>(1 + index % 3) : std::nullopt;
    product.substitute = random.chance(150);
    product.course = course;
    dataset.products.push_back(product);
  };
  for (std::size_t i = 0; i < live + deleted; ++i) {
    // The second product belongs to no course.
    add(i == 1 ? std::nullopt : std::optional<std::size_t>(i % 6));
  }
  for (std::size_t course = 0; course < dataset.courses.size(); ++course) {
    if (dataset.courses[course].unknown) {
      add(course);
    }
  }
}

void generate_categories(Dataset& dataset) {
  constexpr std::array<std::string_view, 8> names = {"Scans",   "Design",   "Printing", "Quality",
                                                     "Billing", "Shipping", "サポート", "Archive"};
  const std::size_t count = dataset.knobs.count("categories");
  Random random = dataset.random("categories");
  IdAllocator ids(dataset.random("category ids"), 1, 150);
  const std::size_t roots = (count + 4) / 5;
  const std::size_t second = count / 2;
  for (std::size_t i = 0; i < count; ++i) {
    Category category;
    category.named = {ids.next(),
                      std::string(names[i % names.size()]) + " " + std::to_string(i / names.size()),
                      false};
    if (i >= second && second > roots) {
      category.parent = roots + random.below(second - roots);
    } else if (i >= roots) {
      category.parent = random.below(roots);
    }
    dataset.categories.push_back(category);
  }
  // Some children are older than their parents: the reference must not rely on the order of ids.
  for (std::size_t i = 0; i + 1 < count; i += 5) {
    std::swap(dataset.categories[i].named.id, dataset.categories[count - 1 - i].named.id);
  }
}

void generate_roles(Dataset& dataset) {
  constexpr std::array<std::string_view, 6> names = {"Design Technician", "Model Technician",
                                                     "Sectioning",        "Remote Technician",
                                                     "Supervisor",        "Inspection"};
  constexpr std::array<std::string_view, 6> abbreviations = {"DT", "MT", "ST", "RT", "", " Insp "};
  const std::size_t count = dataset.knobs.count("roles");
  Random random = dataset.random("roles");
  IdAllocator ids(dataset.random("role ids"), 2, 120);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kind = i % names.size();
    Role role;
    // Some roles carry people's first names.
    role.named = {ids.next(),
                  random.chance(200) ? full_name(random, Script::english).first
                                     : std::string(names[kind]) + " " + std::to_string(i),
                  false};
    role.abbrev =
        random.chance(100) ? std::nullopt : std::optional<std::string>(abbreviations[kind]);
    role.type = random.chance(900) ? std::optional<int>(kind) : std::nullopt;
    role.order = random.chance(900) ? std::optional<int>(i) : std::nullopt;
    role.group =
        i * 48 < 31 * count ? std::size_t{group_technician} : group_administrator + random.below(8);
    dataset.roles.push_back(role);
  }

  std::set<std::pair<std::size_t, std::size_t>> pairs;
  IdAllocator link_ids(dataset.random("role permission ids"), 5, 350);
  const std::size_t most = count * dataset.permissions.size();
  const std::size_t wanted = std::min(dataset.knobs.count("role_permissions"), most);
  while (pairs.size() < wanted) {
    const std::size_t role = random.below(count);
    const std::size_t permission = random.below(dataset.permissions.size());
    if (pairs.emplace(role, permission).second) {
      dataset.role_permissions.push_back({link_ids.next(), role, permission});
    }
  }
}

template <class Rows>
void plant_null_names(Dataset& dataset, Rows& rows, std::string_view table,
                      const std::vector<std::size_t>& candidates) {
  Random random = dataset.random("null names of " + std::string(table));
  const std::size_t count = dataset.knobs.planted("reference_null_name", 0);
  for (const std::size_t index :
       choose(random, candidates, std::min(count, candidates.size()), "reference_null_name")) {
    rows[index].named.name = empty_text(random);
    rows[index].named.name_missing = true;
  }
}

template <class Rows>
void plant_json(Dataset& dataset, Rows& rows, std::string_view table,
                std::vector<std::size_t> candidates) {
  Random random = dataset.random("customization of " + std::string(table));
  random.shuffle(candidates);
  const std::size_t bad =
      std::min(dataset.knobs.planted("json_bad", rows.size()), candidates.size() / 2);
  const std::size_t nul =
      std::min(dataset.knobs.planted("nul_in_text", rows.size()), candidates.size() / 2);
  for (std::size_t i = 0; i < bad + nul; ++i) {
    const JsonKind kind = i < bad ? JsonKind::invalid : JsonKind::nul;
    rows[candidates[i]].customization = json_text(random, kind, random.below(100));
  }
}

}  // namespace

void generate_catalogue(Dataset& dataset) {
  generate_content_types(dataset);
  generate_permissions(dataset);
  generate_groups(dataset);
  generate_courses(dataset);
  generate_products(dataset);
  generate_categories(dataset);
  generate_roles(dataset);

  const auto courses =
      indexes_where(dataset.courses, [](const Course& course) { return !course.unknown; });
  const auto products = indexes_where(dataset.products, [&dataset](const Product& product) {
    return !product.course || !dataset.courses[*product.course].unknown;
  });
  const auto any = [](const auto&) { return true; };
  plant_null_names(dataset, dataset.courses, "courses", courses);
  plant_null_names(dataset, dataset.products, "products", products);
  plant_null_names(dataset, dataset.categories, "categories",
                   indexes_where(dataset.categories, any));
  plant_null_names(dataset, dataset.roles, "roles", indexes_where(dataset.roles, any));
  plant_json(dataset, dataset.courses, "courses", courses);
  plant_json(dataset, dataset.products, "products", products);
}

}  // namespace mighost::dataset

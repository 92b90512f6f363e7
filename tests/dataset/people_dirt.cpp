#include "people_dirt.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "texts.hpp"

namespace mighost::dataset {

namespace {

using UserIndexes = std::vector<std::size_t>;

// Hands out users of a shuffled list, each once.
class Pool {
 public:
  Pool(UserIndexes users, std::string_view what) : users_(std::move(users)), what_(what) {}

  std::span<const std::size_t> take(std::size_t count, std::string_view knob) {
    if (count > users_.size() - taken_) {
      throw Error("the users " + std::string(what_) + " do not suffice",
                  "knob " + std::string(knob), "lower this knob, or empty_email");
    }
    taken_ += count;
    return std::span<const std::size_t>(users_).subspan(taken_ - count, count);
  }

  std::span<const std::size_t> rest() const {
    return std::span<const std::size_t>(users_).subspan(taken_);
  }

 private:
  UserIndexes users_;
  std::string_view what_;
  std::size_t taken_ = 0;
};

// Nearly all e-mails belong to staff and doctors; patients mostly have none.
UserIndexes users_with_email(Random& random, std::size_t empty, UserIndexes patients,
                             UserIndexes others) {
  const std::size_t users = patients.size() + others.size();
  const std::size_t with_email = users - std::min(users, empty);
  random.shuffle(patients);
  random.shuffle(others);
  const std::size_t for_patients = std::min(patients.size(), with_email * 3 / 100);
  const std::size_t for_others = std::min(others.size(), with_email - for_patients);
  others.resize(for_others);
  others.insert(others.end(), patients.begin(),
                patients.begin() + static_cast<std::ptrdiff_t>(with_email - for_others));
  random.shuffle(others);
  return others;
}

std::string handle(const User& user) { return user.username.substr(user.username.find('.') + 1); }

std::string plain_email(Random& random, const User& user) {
  constexpr std::array<std::string_view, 6> domains = {
      "example.org",       "mail.example.org",      "clinic.example.org",
      "ortho.example.org", "smiles-4u.example.org", "post.jp.example.org"};
  std::string email = handle(user) + std::to_string(user.id);
  if (random.chance(100)) {
    email += "+lab_%-news";
  }
  email += '@';
  email += random.one_of(domains);
  if (random.chance(60)) {
    std::transform(email.begin(), email.end(), email.begin(), [](char letter) {
      return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
  }
  if (random.chance(20)) {
    email = " " + email + "\n";
  }
  return email;
}

std::string bad_email(const User& user, std::size_t rotation) {
  const std::string local = handle(user);
  const std::array<std::string, 8> variants = {
      local + "'s@example.org", local + " @example.org",
      local + "@example",       local + ".example.org",
      local + "@@example.org",  "n/a",
      local + "@exämple.org",   local + "@example.org, second@example.org"};
  return variants[rotation % variants.size()];
}

// 215, 7 and 1 of 223 belong to the three domains; a small dataset has at least one of each.
void plant_test_accounts(Dataset& dataset, Random& random, Pool& pool) {
  const std::size_t count = dataset.knobs.planted("test_accounts", dataset.users.size());
  const std::size_t demo = std::max<std::size_t>(1, count / 223);
  const std::size_t dev = std::max<std::size_t>(1, count * 7 / 223);
  std::size_t number = 0;
  for (const std::size_t index : pool.take(count, "test_accounts")) {
    User& user = dataset.users[index];
    const char* domain = number < demo         ? "@demo.example.org"
                         : number < demo + dev ? "@dev.example.org"
                                               : "@lab.example.org";
    user.email = handle(user) + std::to_string(user.id) + domain;
    if (random.chance(100)) {
      user.email[0] = static_cast<char>(user.email[0] - 'a' + 'A');
      user.email += ' ';
    }
    user.is_test = true;
    ++number;
  }
}

// `surplus` rows repeat one of `values` values; the first value has up to ten of them.
std::size_t repeated_value(std::size_t row, std::size_t values) {
  constexpr std::size_t worst = 10;
  if (row < values) {
    return row;
  }
  const std::size_t repeat = row - values;
  return repeat < worst || values == 1 ? 0 : 1 + repeat % (values - 1);
}

void plant_double_emails(Dataset& dataset, Pool& pool) {
  const std::size_t surplus = dataset.knobs.planted("dup_email_surplus", dataset.users.size());
  if (surplus == 0) {
    return;
  }
  const std::size_t values = (surplus + 8) / 9;
  std::size_t row = 0;
  for (const std::size_t user : pool.take(surplus + values, "dup_email_surplus")) {
    dataset.users[user].email =
        "front-desk." + std::to_string(repeated_value(row, values)) + "@clinic.example.org";
    ++row;
  }
}

void plant_emails(Dataset& dataset, const UserIndexes& patients, const UserIndexes& others) {
  Random random = dataset.random("emails");
  for (User& user : dataset.users) {
    user.email = random.chance(10) ? empty_text(random) : "";
  }
  const std::size_t empty = dataset.knobs.planted("empty_email", dataset.users.size());
  Pool pool(users_with_email(random, empty, patients, others), "with an e-mail");
  plant_test_accounts(dataset, random, pool);
  plant_double_emails(dataset, pool);
  const std::size_t bad = dataset.knobs.planted("bad_email", dataset.users.size());
  std::size_t rotation = random.below(8);
  for (const std::size_t user : pool.take(bad, "bad_email")) {
    dataset.users[user].email = bad_email(dataset.users[user], rotation++);
    dataset.users[user].email_bad = true;
  }
  for (const std::size_t user : pool.rest()) {
    dataset.users[user].email = plain_email(random, dataset.users[user]);
  }
}

void plant_names(Dataset& dataset, UserIndexes users) {
  Random random = dataset.random("names");
  random.shuffle(users);
  Pool pool(std::move(users), "at all");
  for (const std::size_t index :
       pool.take(dataset.knobs.planted("null_name", dataset.users.size()), "null_name")) {
    User& user = dataset.users[index];
    const std::uint32_t which = random.below(3);
    user.first_name = which != 1 ? empty_text(random) : user.first_name;
    user.last_name = which != 0 ? empty_text(random) : user.last_name;
    user.name_missing = true;
  }
  const std::size_t surplus = dataset.knobs.planted("dup_name_surplus", dataset.users.size());
  if (surplus == 0) {
    return;
  }
  const std::size_t values = std::max<std::size_t>(1, surplus / 3);
  std::vector<FullName> names(values, FullName{"Test", "Test"});
  for (std::size_t i = 1; i < values; ++i) {
    names[i] = full_name(random, any_script(random));
  }
  std::size_t row = 0;
  for (const std::size_t user : pool.take(surplus + values, "dup_name_surplus")) {
    const FullName& name = names[repeated_value(row++, values)];
    dataset.users[user].first_name = name.first;
    dataset.users[user].last_name = name.last;
  }
}

void plant_patient_group(Dataset& dataset, UserIndexes others) {
  Random random = dataset.random("patients without record");
  const std::size_t count =
      dataset.knobs.planted("group_patient_without_record", dataset.users.size());
  for (const std::size_t user :
       choose(random, std::move(others), count, "group_patient_without_record")) {
    dataset.users[user].groups.set(group_patient);
  }
}

}  // namespace

void plant_people_dirt(Dataset& dataset, const UserIndexes& patients, const UserIndexes& others) {
  plant_emails(dataset, patients, others);
  UserIndexes all(patients);
  all.insert(all.end(), others.begin(), others.end());
  plant_names(dataset, std::move(all));
  plant_patient_group(dataset, others);
}

}  // namespace mighost::dataset

// Records: messages and remarks about a patient or a user. Whom they are about is told by a content
// type and an id, and no foreign key watches over either.

#include <algorithm>
#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "business_texts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// Patients in treatment: about 20 records each, 70 at most, and none for the others.
class Busy {
 public:
  Busy(Random& random, const Dataset& dataset) {
    patients_ = indexes_where(dataset.patients, [](const Patient&) { return true; });
    random.shuffle(patients_);
    patients_.resize((patients_.size() * 2 + 4) / 5);
  }

  std::size_t any(Random& random) const {
    const std::size_t first = random.below(patients_.size());
    const std::size_t second = random.below(patients_.size());
    return patients_[std::min(first, second)];
  }

 private:
  std::vector<std::size_t> patients_;
};

Generic any_target(Random& random, const Dataset& dataset, const Busy& busy) {
  Generic target;
  if (!random.chance(30)) {
    target.model = Model::patient;
    target.row = Link::to(busy.any(random));
  } else {
    target.model = random.chance(700) ? Model::userproxy : Model::user;
    target.row = Link::to(random.below(dataset.users.size()));
  }
  return target;
}

class RecordMaker {
 public:
  explicit RecordMaker(const Dataset& dataset)
      : dataset_(dataset),
        random_(dataset.random("records")),
        busy_(random_, dataset),
        staff_(staff(dataset)) {}

  Record make(int id, std::size_t index, std::size_t count) {
    constexpr std::array<int, 4> types = {5, 6, 8, 3};
    constexpr std::array<std::uint32_t, 4> weights = {520, 421, 38, 21};
    Record record;
    record.id = id;
    record.target = any_target(random_, dataset_, busy_);
    record.type = types[random_.weighted(weights)];
    record.created_at = time_at(index, count);
    record.text = random_.chance(20) ? word_like_null(random_) : remark(random_);
    record.author = any_author(record);
    if (random_.chance(600)) {
      record.group = random_.below(group_count);
    }
    if (!random_.chance(200)) {
      record.is_public = random_.chance(400);
    }
    return record;
  }

 private:
  // Spread over eight years, in the order of the ids.
  Instant time_at(std::size_t index, std::size_t count) {
    const std::int64_t years = 8 * 365 * micros_per_day;
    const std::int64_t step = years / static_cast<std::int64_t>(count);
    const std::int64_t begin = start_of(today()).micros - years;
    return {begin + step * static_cast<std::int64_t>(index) + random_.between(0, step - 1)};
  }

  Link any_author(const Record& record) {
    if (random_.chance(50)) {
      return Link::none();
    }
    if (record.target.model == Model::patient && random_.chance(300)) {
      const auto doctor = dataset_.patients[*record.target.row.row].doctor;
      if (doctor) {
        return Link::to(*doctor);
      }
    }
    return Link::to(random_.chance(400) ? staff_.front() : random_.one_of(staff_));
  }

  const Dataset& dataset_;
  Random random_;
  const Busy busy_;
  const std::vector<std::size_t> staff_;
};

class RecordDirt {
 public:
  explicit RecordDirt(Dataset& dataset)
      : dataset_(dataset),
        records_(dataset.business.records),
        random_(dataset.random("record dirt")),
        pool_(random_, indexes_where(records_, [&dataset](const Record& record) {
                return record.target.model != Model::patient ||
                       !dataset.patients[*record.target.row.row].sex_unknown;
              })) {}

  void plant() {
    plant_types();
    plant_other_targets();
    plant_dangling();
    const auto users = missing_ids(dataset_.users);
    for (const std::size_t record : take("record_lost_author")) {
      records_[record].author = Link::gone(random_.one_of(users));
    }
    for (const std::size_t record : take("record_empty_text")) {
      records_[record].text = blank_text(random_);
      if (random_.chance(500)) {
        records_[record].text.reset();
      }
      records_[record].text_empty = true;
    }
  }

 private:
  std::vector<std::size_t> take(std::string_view knob) {
    return pool_.take(dataset_.knobs.planted(knob, records_.size()), knob);
  }

  void plant_types() {
    constexpr std::array<int, 6> unknown = {7, 0, 1, 2, 4, 9};
    for (const std::size_t record : take("record_null_type")) {
      records_[record].type.reset();
    }
    std::size_t rotation = random_.below(100);
    for (const std::size_t record : take("record_unknown_type")) {
      records_[record].type = unknown[rotation++ % unknown.size()];
      records_[record].type_unknown = true;
    }
  }

  // The ids stay: they could all be taken for patients.
  void plant_other_targets() {
    constexpr std::array<std::string_view, 3> models = {"instruction", "plan", "office"};
    const auto gone = missing_ids(dataset_.content_types);
    std::size_t rotation = 0;
    for (const std::size_t index : take("record_other_target")) {
      Generic& target = records_[index].target;
      target.row = Link::gone(*generic_id(dataset_, target));
      switch (rotation++ % 3) {
        case 0:
          target.model = Model::other;
          target.other_type = content_type(dataset_, "dispatch", random_.one_of(models));
          break;
        case 1:
          target.model = Model::none;
          break;
        default:
          target.model = Model::none;
          target.gone_type = random_.one_of(gone);
      }
    }
  }

  // A patient id that only users have, and the other way round.
  void plant_dangling() {
    const auto patients = missing_ids(dataset_.patients);
    const auto users = missing_ids(dataset_.users);
    std::size_t rotation = 0;
    for (const std::size_t index : take("record_dangling")) {
      const bool patient = rotation++ % 2 == 0;
      records_[index].target.model = patient ? Model::patient : Model::userproxy;
      records_[index].target.row = Link::gone(random_.one_of(patient ? patients : users));
    }
  }

  Dataset& dataset_;
  std::vector<Record>& records_;
  Random random_;
  DirtPool pool_;
};

}  // namespace

void generate_records(Dataset& dataset) {
  auto& records = dataset.business.records;
  const std::size_t count = dataset.knobs.count("records");
  IdAllocator ids(dataset.random("record ids"), 1, 60);
  RecordMaker maker(dataset);
  for (std::size_t i = 0; i < count; ++i) {
    records.push_back(maker.make(ids.next(), i, count));
  }
  RecordDirt(dataset).plant();
  IdAllocator role_ids(dataset.random("record role ids"), 1, 60);
  Random random = dataset.random("record roles");
  for (std::size_t i = 0; i < dataset.knobs.count("record_roles"); ++i) {
    const std::size_t record = random.below(records.size());
    const std::size_t role = random.below(dataset.roles.size());
    dataset.business.record_roles.push_back({role_ids.next(), record, role});
  }
}

}  // namespace mighost::dataset

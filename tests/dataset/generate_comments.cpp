// Comments on treatment plans and notes on doctors: two tables that end in one.

#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "business_texts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

Instant spread(Random& random, std::size_t index, std::size_t count, std::int64_t days) {
  const std::int64_t step = days * micros_per_day / static_cast<std::int64_t>(count);
  const std::int64_t begin = start_of(today()).micros - days * micros_per_day;
  return {begin + step * static_cast<std::int64_t>(index) + random.between(0, step - 1)};
}

Comment make_comment(Random& random, const Dataset& dataset, int id, std::size_t plan) {
  constexpr std::array<std::uint32_t, 4> kinds = {162, 580, 16, 242};
  Comment comment;
  comment.id = id;
  comment.plan = Link::to(plan);
  comment.kind = static_cast<CommentKind>(random.weighted(kinds));
  comment.text = comment_text(random, comment.kind);
  const Instruction& order = dataset.instructions[dataset.plans[plan].instruction];
  const auto doctor = dataset.patients[order.patient].doctor;
  comment.author = Link::to(doctor.value_or(0));
  return comment;
}

// Plans in their order with a comment on about nine of ten, on some more than one.
void make_comments(Dataset& dataset) {
  const auto plans = indexes_where(
      dataset.plans, [](const Plan& plan) { return !plan.missing_instruction_id.has_value(); });
  const std::size_t count = plans.empty() ? 0 : dataset.knobs.count("comments");
  Random random = dataset.random("comments");
  IdAllocator ids(dataset.random("comment ids"), 1, 70);
  const auto writers = staff(dataset);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t near = i * plans.size() / count;
    const std::size_t plan = plans[random.chance(900) ? near : random.below(plans.size())];
    Comment comment = make_comment(random, dataset, ids.next(), plan);
    if (random.chance(300)) {
      comment.author = Link::to(random.one_of(writers));
    }
    comment.created_at = spread(random, i, count, 7 * 365);
    dataset.business.comments.push_back(std::move(comment));
  }
}

class CommentDirt {
 public:
  explicit CommentDirt(Dataset& dataset)
      : dataset_(dataset),
        comments_(dataset.business.comments),
        random_(dataset.random("comment dirt")),
        pool_(random_, indexes_where(comments_, [&dataset](const Comment& comment) {
                const Plan& plan = dataset.plans[*comment.plan.row];
                return !plan.missing_project_id &&
                       is_sound(dataset, dataset.instructions[plan.instruction]);
              })) {}

  void plant() {
    plant_plans();
    for (const std::size_t comment : take("comment_empty_text")) {
      comments_[comment].text = blank_text(random_);
      comments_[comment].text_empty = true;
    }
    const auto users = missing_ids(dataset_.users);
    for (const std::size_t comment : take("comment_lost_author")) {
      comments_[comment].author = Link::gone(random_.one_of(users));
    }
    for (const std::size_t comment : take("comment_no_author")) {
      comments_[comment].author = Link::none();
    }
  }

 private:
  std::vector<std::size_t> take(std::string_view knob) {
    return pool_.take(dataset_.knobs.planted(knob, comments_.size()), knob);
  }

  void plant_plans() {
    const auto orphans = indexes_where(
        dataset_.plans, [](const Plan& plan) { return plan.missing_instruction_id.has_value(); });
    const auto orphaned = take("comment_orphan");
    if (!orphaned.empty() && orphans.empty()) {
      throw Error("there is no plan without an instruction", "knob comment_orphan",
                  "set it to 0 or raise the knob of such plans");
    }
    for (const std::size_t comment : orphaned) {
      comments_[comment].plan = Link::to(random_.one_of(orphans));
    }
    const auto ids = missing_ids(dataset_.plans);
    for (const std::size_t comment : take("comment_dangling")) {
      comments_[comment].plan = Link::gone(random_.one_of(ids));
    }
  }

  Dataset& dataset_;
  std::vector<Comment>& comments_;
  Random random_;
  DirtPool pool_;
};

void make_notes(Dataset& dataset) {
  Random random = dataset.random("notes");
  IdAllocator ids(dataset.random("note ids"), 1, 90);
  const auto doctors = indexes_where(dataset.users, [](const User& user) {
    return user.groups.test(group_doctor) && !user.patient;
  });
  const auto writers = staff(dataset);
  const std::size_t count = dataset.knobs.count("notes");
  for (std::size_t i = 0; i < count; ++i) {
    DoctorNote note;
    note.id = ids.next();
    note.created_at = spread(random, i, count, 4 * 365);
    note.text = random.chance(20) ? word_like_null(random) : remark(random);
    if (!random.chance(30)) {
      note.author = Link::to(writers[random.below(std::min<std::size_t>(writers.size(), 21))]);
    }
    note.doctor = Link::to(random.one_of(doctors));
    dataset.business.notes.push_back(std::move(note));
  }
}

void plant_notes(Dataset& dataset) {
  auto& notes = dataset.business.notes;
  Random random = dataset.random("note dirt");
  DirtPool pool(random, indexes_where(notes, [](const DoctorNote&) { return true; }));
  const auto take = [&](std::string_view knob) {
    return pool.take(dataset.knobs.planted(knob, notes.size()), knob);
  };
  const auto users = missing_ids(dataset.users);
  for (const std::size_t note : take("note_empty_text")) {
    notes[note].text = blank_text(random);
    notes[note].text_empty = true;
  }
  std::size_t rotation = random.below(2);
  for (const std::size_t note : take("note_lost_doctor")) {
    notes[note].doctor = rotation++ % 2 == 0 ? Link::gone(random.one_of(users)) : Link::none();
  }
  for (const std::size_t note : take("note_lost_author")) {
    notes[note].author = Link::gone(random.one_of(users));
  }
}

}  // namespace

void generate_comments(Dataset& dataset) {
  make_comments(dataset);
  CommentDirt(dataset).plant();
  make_notes(dataset);
  plant_notes(dataset);
}

}  // namespace mighost::dataset

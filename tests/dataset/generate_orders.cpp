// Instructions (the orders of the business), the jaws they prescribe, and the invoice baskets,
// whose table is called dispatch_order although they are something else.

#include <algorithm>
#include <array>

#include "core_parts.hpp"
#include "dealing.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

struct Visit {
  std::size_t patient;
  int sequence;
  Instant submitted_at;
};

// How many instructions each patient has: about 3, up to 12.
std::vector<std::size_t> visits_per_patient(Random& random, std::size_t patients,
                                            std::size_t total) {
  constexpr std::array<std::uint32_t, 9> weights = {40, 230, 220, 190, 130, 80, 60, 30, 20};
  constexpr std::array<std::size_t, 9> visits = {0, 1, 2, 3, 4, 5, 6, 9, 12};
  return dealt_counts(random, patients, total, weights, visits);
}

// All visits in the order in which they were submitted, as their ids tell.
std::vector<Visit> plan_visits(Dataset& dataset) {
  Random random = dataset.random("visits");
  const std::size_t total = dataset.knobs.count("instructions");
  const auto counts = visits_per_patient(random, dataset.patients.size(), total);
  const std::int64_t end = start_of(today()).micros - 1;
  std::vector<Visit> visits;
  for (std::size_t patient = 0; patient < counts.size(); ++patient) {
    dataset.patients[patient].instruction_count = counts[patient];
    Instant at = dataset.users[dataset.patients[patient].user].date_joined;
    for (std::size_t i = 0; i < counts[patient]; ++i) {
      // Whoever joined late has his visits closer together.
      const std::int64_t left = (end - at.micros) / 2;
      at.micros += random.between(0, std::min(left, 240 * micros_per_day));
      visits.push_back({patient, static_cast<int>(i + 1), at});
    }
  }
  std::stable_sort(visits.begin(), visits.end(), [](const Visit& left, const Visit& right) {
    return left.submitted_at < right.submitted_at;
  });
  return visits;
}

// The index of a course: main comes first, refinements and replacements follow.
std::size_t any_course(Random& random, int sequence) {
  constexpr std::array<std::uint32_t, 6> first = {960, 5, 5, 5, 15, 10};
  constexpr std::array<std::uint32_t, 6> later = {60, 600, 260, 30, 35, 15};
  return random.weighted(sequence == 1 ? first : later);
}

void make_status(Random& random, Instruction& instruction, Instant submitted_at) {
  constexpr std::array<int, 4> statuses = {4, 1, 2, 0};
  constexpr std::array<std::uint32_t, 4> status_weights = {812, 145, 25, 18};
  instruction.status = statuses[random.weighted(status_weights)];
  constexpr std::array<std::uint32_t, 4> day_weights = {157, 632, 180, 31};
  constexpr std::array<std::int64_t, 5> day_limits = {0, 7, 30, 60, 159};
  const std::size_t range = random.weighted(day_weights);
  const std::int64_t gap =
      random.between(day_limits[range] * micros_per_day, day_limits[range + 1] * micros_per_day);
  // A draft may have no submission date; a clock may have run backwards.
  if (instruction.status != 0 || random.chance(500)) {
    instruction.submitted_at = submitted_at;
  }
  if (!random.chance(5)) {
    const std::int64_t later = random.chance(5) ? -micros_per_day : gap;
    const std::int64_t end = start_of(today()).micros;
    instruction.updated_at = Instant{std::min(end, submitted_at.micros + later)};
  }
}

void make_device(Random& random, Instruction& instruction) {
  constexpr std::array<std::uint32_t, 6> weights = {6397, 2250, 750, 297, 180, 126};
  using Pair = std::pair<std::optional<int>, std::optional<int>>;
  const std::array<Pair, 6> pairs = {Pair{1, std::nullopt},
                                     Pair{std::nullopt, std::nullopt},
                                     Pair{3, 2},
                                     Pair{1, 2},
                                     Pair{3, 10},
                                     Pair{2, 4}};
  std::tie(instruction.model, instruction.scanner) = pairs[random.weighted(weights)];
}

// Mostly NULL or 0, which are different things; rarely a real price, with 0, 2 or 4 digits written.
std::optional<Decimal> any_price(Random& random) {
  constexpr std::array<std::uint32_t, 5> weights = {560, 390, 35, 10, 5};
  switch (random.weighted(weights)) {
    case 0:
      return std::nullopt;
    case 1:
      return Decimal{0, random.chance(500) ? 2 : 0};
    case 2:
      return Decimal{random.between(13'000, 99'700), 2};
    case 3:
      return Decimal{random.between(1, 997), 0};
    default:
      return Decimal{random.between(130, 997) * 10'000, 4};
  }
}

void make_texts(Random& random, Instruction& instruction) {
  const auto maybe = [&random](std::uint32_t per_thousand) {
    return random.chance(per_thousand) ? std::optional<std::string>(remark(random)) : std::nullopt;
  };
  instruction.notes = random.chance(50) ? std::optional<std::string>("") : maybe(450);
  instruction.scanner_notes = maybe(40);
  instruction.conditions = maybe(80);
  instruction.complaint = maybe(150);
  instruction.objective = maybe(120);
  if (random.chance(50)) {
    instruction.exports = {std::nullopt, JsonKind::empty};
  } else {
    instruction.exports = healthy_json(random);
  }
}

Instruction make_instruction(Random& random, const Dataset& dataset, int id, const Visit& visit) {
  Instruction instruction;
  instruction.id = id;
  instruction.patient = visit.patient;
  instruction.course = any_course(random, visit.sequence);
  instruction.order = random.chance(20) ? std::nullopt : std::optional<int>(visit.sequence);
  make_device(random, instruction);
  make_texts(random, instruction);
  instruction.price = any_price(random);
  make_status(random, instruction, visit.submitted_at);
  instruction.cbct = random.chance(400);
  instruction.accept_extraction =
      random.chance(300) ? std::nullopt : std::optional<bool>(random.chance(250));
  instruction.comprehensive = random.chance(463);
  const Patient& patient = dataset.patients[visit.patient];
  if (!random.chance(10)) {
    instruction.suffix = patient.suffix;
  }
  return instruction;
}

struct Slot {
  std::size_t instruction;
  bool upper;
};

std::string any_teeth(Random& random, std::uint32_t per_thousand) {
  std::string teeth(16, '0');
  for (char& tooth : teeth) {
    tooth = random.chance(per_thousand) ? '1' : '0';
  }
  return teeth;
}

void make_jaws(Dataset& dataset) {
  Random random = dataset.random("jaws");
  IdAllocator ids(dataset.random("jaw ids"), 1, 160);
  for (std::size_t i = 0; i < dataset.knobs.count("jaws"); ++i) {
    Jaw jaw;
    jaw.id = ids.next();
    jaw.bond_teeth = any_teeth(random, 700);
    jaw.extract_teeth = random.chance(850) ? std::string(16, '0') : any_teeth(random, 80);
    jaw.reason = random.chance(850) ? std::nullopt
                                    : std::optional<int>(static_cast<int>(random.between(1, 3)));
    jaw.product = random.chance(50)
                      ? std::nullopt
                      : std::optional<std::size_t>(random.below(dataset.products.size()));
    jaw.labial = random.chance(500);
    dataset.jaws.push_back(jaw);
  }
}

// Deals the jaws out to upper and lower slots of the instructions: about 1.7 each. Some jaws stay
// without an instruction, some instructions name a jaw that belongs to another one (D-24).
void deal_jaws(Dataset& dataset) {
  Random random = dataset.random("jaw owners");
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < dataset.instructions.size(); ++i) {
    slots.push_back({i, true});
    slots.push_back({i, false});
  }
  random.shuffle(slots);
  const std::size_t jaws = dataset.jaws.size();
  const std::size_t orphans = std::min(jaws, dataset.knobs.planted("jaw_orphan", jaws));
  const std::size_t owned = jaws - orphans;
  const std::size_t shared = dataset.knobs.planted("jaw_shared", dataset.instructions.size());
  if (owned + shared > slots.size()) {
    throw Error("more jaws than the instructions can name", "knobs jaws, jaw_shared",
                "lower them or raise instructions");
  }
  // In the order of the instructions, so that ids of jaws grow with them as they did in life.
  const auto middle = slots.begin() + static_cast<std::ptrdiff_t>(owned);
  std::sort(slots.begin(), middle, [](const Slot& left, const Slot& right) {
    return std::pair(left.instruction, left.upper) < std::pair(right.instruction, right.upper);
  });
  std::vector<std::size_t> order = choose(
      random, indexes_where(dataset.jaws, [](const Jaw&) { return true; }), orphans, "jaw_orphan");
  std::sort(order.begin(), order.end());
  const auto place = [&dataset](const Slot& slot, std::size_t jaw) {
    Instruction& instruction = dataset.instructions[slot.instruction];
    (slot.upper ? instruction.upper_jaw : instruction.lower_jaw) = jaw;
  };
  std::size_t slot = 0;
  for (std::size_t jaw = 0; jaw < jaws; ++jaw) {
    if (!std::binary_search(order.begin(), order.end(), jaw)) {
      place(slots[slot++], jaw);
    }
  }
  for (std::size_t i = 0; i < shared && owned > 0; ++i) {
    const Instruction& lender = dataset.instructions[slots[random.below(owned)].instruction];
    place(slots[owned + i], lender.upper_jaw ? *lender.upper_jaw : *lender.lower_jaw);
  }
}

void make_baskets(Dataset& dataset) {
  Random random = dataset.random("baskets");
  IdAllocator ids(dataset.random("basket ids"), 1, 200);
  for (std::size_t i = 0; i < dataset.knobs.count("baskets"); ++i) {
    Basket basket;
    basket.id = ids.next();
    basket.status = static_cast<int>(random.below(3));
    basket.doctor = random.one_of(dataset.practising);
    basket.course = 4 + random.below(2);
    if (random.chance(400)) {
      basket.custom_price = Decimal{random.between(500, 90'000), 2};
    }
    dataset.baskets.push_back(basket);
  }
}

}  // namespace

void generate_orders(Dataset& dataset) {
  IdAllocator ids(dataset.random("instruction ids"), 1, 70);
  Random random = dataset.random("instructions");
  for (const Visit& visit : plan_visits(dataset)) {
    dataset.instructions.push_back(make_instruction(random, dataset, ids.next(), visit));
  }
  make_jaws(dataset);
  deal_jaws(dataset);
  make_baskets(dataset);
}

}  // namespace mighost::dataset

// Built on the C++ wrapper, like a team's plugin would be: an exception leaves its code.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <stdexcept>
#include <string_view>

namespace {

struct Legacy {
  std::int64_t id;
  std::string_view name;
};

struct Item {
  std::int64_t legacy_id;
  std::string_view name;
};

struct Items {
  static constexpr std::string_view name = "items";
  static constexpr auto source = mig::from<Legacy>(
      "public.legacy_items", mig::key("id", &Legacy::id), mig::col("name", &Legacy::name));
  static constexpr auto target =
      mig::into<Item>("public.items", mig::identity("id"),
                      mig::legacy("legacy_id", &Item::legacy_id), mig::col("name", &Item::name));

#ifdef THROWS_IN_BEGIN
  Items() { throw std::runtime_error("no licence was found"); }
#endif

  void transform(const Legacy& row, mig::output<Items>& out) {
    if (row.id == 7) throw std::runtime_error("the moon is not full");
    out.row(Item{row.id, row.name});
  }
};

struct Tiny {
  static constexpr std::string_view family = "tiny";
};

}  // namespace

MIGHOST_PLUGIN(Tiny, Items)

// labels -> tags: one entity, one reference.
#include <memory>
#include <mighost/plugin.hpp>
#include <string>

namespace {

struct Label {
  std::int64_t id;
  std::int64_t owner;
  std::string_view text;
};

struct Tag {
  mig::uuid owner_id;
  std::string_view text;
  std::int64_t legacy_id;
};

struct Tags {
  static constexpr std::string_view name = "tags";
  static constexpr auto source =
      mig::from<Label>("public.label", mig::key("id", &Label::id), mig::col("owner", &Label::owner),
                       mig::col("text", &Label::text));
  static constexpr auto target = mig::into<Tag>(
      "public.tags", mig::identity("id"), mig::legacy("legacy_id", &Tag::legacy_id),
      mig::reference("owner_id", &Tag::owner_id, "core.profiles", mig::missing::reject),
      mig::col("text", &Tag::text));
  static constexpr mig::code codes[] = {{"text_missing", "a label without text"}};

  void transform(const Label& row, mig::output<Tags>& out) {
    const auto owner = out.resolve<"core.profiles">(row.owner);
    if (!owner) return;
    if (mig::is_blank(row.text)) return out.reject<"text_missing">("text");
    *last = mig::ascii_lower(row.text);
    out.row(Tag{.owner_id = *owner, .text = out.keep(*last), .legacy_id = row.id});
  }

  // Drags inline statics of the standard library into the library, which must not be exported.
  std::shared_ptr<std::string> last = std::make_shared<std::string>();
};

struct Stranger {
  static constexpr std::string_view family = "stranger";
};

}  // namespace

MIGHOST_PLUGIN(Stranger, Tags)

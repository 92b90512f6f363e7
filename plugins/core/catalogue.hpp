// core.courses, core.products and core.categories: what the laboratory sells.
#pragma once

#include "rules.hpp"

namespace core {

struct legacy_course {
  std::int64_t id = 0;
  maybe_text name{}, description{}, customization{};
  std::optional<mig::numeric> price{};
  std::optional<bool> active{};
};

struct course {
  std::string_view name{}, course_type{};
  maybe_text description{};
  mig::json customization{};
  std::optional<mig::numeric> base_price{};
  bool is_active = false;
  std::int64_t legacy_course_id = 0;
};

struct courses {
  static constexpr std::string_view name = "courses";
  static constexpr std::string_view description = "kinds of treatment, with their list price";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_course>(
      "public.dispatch_course", mig::key("id", &legacy_course::id),
      mig::col("name", &legacy_course::name), mig::col("description", &legacy_course::description),
      mig::col("customization", &legacy_course::customization),
      mig::col("price", &legacy_course::price), mig::col("active", &legacy_course::active));

  static constexpr auto target = mig::into<course>(
      "public.courses", mig::identity("id"),
      mig::legacy("legacy_course_id", &course::legacy_course_id), mig::col("name", &course::name),
      mig::col("course_type", &course::course_type), mig::col("description", &course::description),
      mig::col("customization", &course::customization),
      mig::col("base_price", &course::base_price), mig::col("is_active", &course::is_active));

  static constexpr mig::code codes[] = {unknown_enum, name_missing, json_invalid, nul_replaced};

  void transform(const legacy_course& row, mig::output<courses>& out) {
    // The id is the code: that is how orders and products name a course (domain 1.4).
    const auto type = word_for(course_types, row.id);
    if (!type) return out.reject<"unknown_enum">("id", digits{row.id});
    out.row(course{.name = name_or_number(row.name, "Course", row.id, out),
                   .course_type = *type,
                   .description = row.description,
                   .customization = json_from(row.customization, "customization", out),
                   .base_price = row.price,
                   .is_active = row.active.value_or(true),
                   .legacy_course_id = row.id});
  }
};

struct legacy_product {
  std::int64_t id = 0;
  maybe_text name{}, description{};
  bool free = false, deleted = false, substitute = false;
  maybe_text customization{};
  std::optional<std::int64_t> type{}, course_id{};
  std::optional<mig::numeric> course_price{};
};

struct product {
  std::string_view name{};
  maybe_text course_type{};
  std::optional<mig::numeric> base_price{};
  mig::json customization{};
  bool is_active = false;
  maybe_text sku{};
  std::int64_t legacy_product_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view products_query = R"sql(
select p.id, p.name, p.description, p.free, p.deleted, p.substitute, p.customization, p.type,
       p.course_id, c.price as course_price
from public.dispatch_product p
left join public.dispatch_course c on c.id = p.course_id
)sql";

struct products {
  static constexpr std::string_view name = "products";
  static constexpr std::string_view description =
      "products with the price of their course; deleted ones come as inactive";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_product>(
      "public.dispatch_product", products_query, mig::key("id", &legacy_product::id),
      mig::col("name", &legacy_product::name),
      mig::col("description", &legacy_product::description),
      mig::col("free", &legacy_product::free), mig::col("deleted", &legacy_product::deleted),
      mig::col("substitute", &legacy_product::substitute),
      mig::col("customization", &legacy_product::customization),
      mig::col("type", &legacy_product::type), mig::col("course_id", &legacy_product::course_id),
      mig::col("course_price", &legacy_product::course_price));

  static constexpr auto target = mig::into<product>(
      "public.products", mig::identity("id"),
      mig::legacy("legacy_product_id", &product::legacy_product_id),
      mig::col("name", &product::name), mig::col("course_type", &product::course_type),
      mig::col("base_price", &product::base_price),
      mig::col("customization", &product::customization),
      mig::col("is_active", &product::is_active), mig::col("sku", &product::sku),
      mig::col("metadata", &product::metadata));

  static constexpr mig::code codes[] = {unknown_enum, name_missing, json_invalid, nul_replaced};

  explicit products(const mig::settings& settings)
      : with_sku_(settings.boolean("product_sku", false)) {}

  void transform(const legacy_product& row, mig::output<products>& out) {
    maybe_text type;
    if (row.course_id) {
      type = word_for(course_types, *row.course_id);
      if (!type) return out.reject<"unknown_enum">("course_id", digits{*row.course_id});
    }
    product to{.course_type = type, .base_price = row.course_price, .legacy_product_id = row.id};
    to.name = name_or_number(row.name, "Product", row.id, out);
    to.customization = json_from(row.customization, "customization", out);
    to.is_active = !row.deleted;
    if (with_sku_) to.sku = out.concat({"SKU-", digits{row.id}});
    to.metadata = metadata(row, out);
    out.row(to);
  }

 private:
  mig::json metadata(const legacy_product& row, mig::output<products>& out) {
    metadata_.clear();
    metadata_.add("description", row.description)
        .add("free", row.free)
        .add("substitute", row.substitute)
        .add("type", row.type);
    return out.keep(metadata_);
  }

  bool with_sku_;
  mig::json_object metadata_;
};

struct legacy_category {
  std::int64_t id = 0;
  maybe_text name{};
  std::optional<std::int64_t> parent_id{};
};

struct category {
  std::string_view name{};
  std::optional<mig::uuid> parent_id{};
  std::int64_t legacy_category_id = 0;
};

struct categories {
  static constexpr std::string_view name = "categories";
  static constexpr std::string_view description =
      "the tree of categories; a parent may have a higher id than its children";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_category>(
      "public.dispatch_category", mig::key("id", &legacy_category::id),
      mig::col("name", &legacy_category::name), mig::col("parent_id", &legacy_category::parent_id));

  static constexpr auto target = mig::into<category>(
      "public.categories", mig::identity("id"),
      mig::legacy("legacy_category_id", &category::legacy_category_id),
      mig::late_reference("parent_id", &category::parent_id, "core.categories", mig::missing::null),
      mig::col("name", &category::name));

  static constexpr mig::code codes[] = {name_missing};

  void transform(const legacy_category& row, mig::output<categories>& out) {
    out.row(category{.name = name_or_number(row.name, "Category", row.id, out),
                     .parent_id = out.resolve<"core.categories">(row.parent_id),
                     .legacy_category_id = row.id});
  }
};

}  // namespace core

// business.order_files and business.case_files: files of an instruction, seen from the order and
// from the patient's case. Both are projections of dispatch_file (domain 9.11).
#pragma once

#include "file_names.hpp"

namespace business {

inline constexpr mig::filter has_instruction{"instruction_id is not null", "no_instruction",
                                             "the file belongs to no instruction, which is legal"};

struct legacy_order_file {
  std::int64_t id = 0;
  maybe_text name{}, ext{};
  maybe_id type{}, instruction_id{};
  maybe_time created_at{};
  maybe_id product_id{};
  maybe_text parameters{};
  maybe_id record_id{}, status{};
};

struct order_file {
  mig::uuid order_id{}, file_id{};
  std::string_view category{};
  std::optional<std::int64_t> file_type{}, status{};
  mig::json parameters{};
  std::optional<mig::uuid> product_id{}, record_id{};
  maybe_time uploaded_at{};
  std::int64_t legacy_file_id = 0;
  std::optional<std::int64_t> legacy_instruction_id{};
  mig::json metadata{};
};

struct order_files {
  static constexpr std::string_view name = "order_files";
  static constexpr std::string_view description =
      "files of an order, with a category that their name and type suggest";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_order_file>(
      "public.dispatch_file", mig::key("id", &legacy_order_file::id),
      mig::col("name", &legacy_order_file::name), mig::col("ext", &legacy_order_file::ext),
      mig::col("type", &legacy_order_file::type),
      mig::col("instruction_id", &legacy_order_file::instruction_id),
      mig::col("created_at", &legacy_order_file::created_at),
      mig::col("product_id", &legacy_order_file::product_id),
      mig::col("parameters", &legacy_order_file::parameters),
      mig::col("record_id", &legacy_order_file::record_id),
      mig::col("status", &legacy_order_file::status));

  static constexpr auto target = mig::into<order_file>(
      "public.order_files", mig::identity("id"),
      mig::legacy("legacy_file_id", &order_file::legacy_file_id),
      mig::reference("order_id", &order_file::order_id, "core.orders", mig::missing::reject),
      mig::reference("file_id", &order_file::file_id, "business.files", mig::missing::reject),
      mig::reference("product_id", &order_file::product_id, "core.products", mig::missing::null),
      mig::reference("record_id", &order_file::record_id, "business.messages", mig::missing::null),
      mig::col("category", &order_file::category), mig::col("file_type", &order_file::file_type),
      mig::col("status", &order_file::status), mig::col("parameters", &order_file::parameters),
      mig::col("uploaded_at", &order_file::uploaded_at),
      mig::col("legacy_instruction_id", &order_file::legacy_instruction_id),
      mig::col("metadata", &order_file::metadata));

  static constexpr mig::filter filters[] = {has_instruction};
  static constexpr mig::code codes[] = {json_invalid, nul_replaced};

  void transform(const legacy_order_file& row, mig::output<order_files>& out) {
    const auto order = out.resolve<"core.orders">(row.instruction_id);
    if (!order) return;
    const auto file = out.resolve<"business.files">(row.id);
    if (!file) return;
    out.row(order_file{.order_id = *order,
                       .file_id = *file,
                       .category = category(row, out),
                       .file_type = row.type,
                       .status = row.status,
                       .parameters = json_from(row.parameters, "parameters", out),
                       .product_id = out.resolve<"core.products">(row.product_id),
                       .record_id = out.resolve<"business.messages">(row.record_id),
                       .uploaded_at = row.created_at,
                       .legacy_file_id = row.id,
                       .legacy_instruction_id = row.instruction_id,
                       .metadata = {R"({"derived":["category"]})"}});
  }

 private:
  std::string_view category(const legacy_order_file& row, mig::output<order_files>& out) {
    const maybe_text ext = extension(row.ext, out);
    // A uid has none of the words that are looked for, so a file without a name needs none here.
    const std::string_view whole = file_name(row.name, ext, "", out);
    return file_category(file_type(ext, out), whole, row.type, buffer_);
  }

  std::string buffer_;
};

struct legacy_case_file {
  std::int64_t id = 0;
  maybe_id patient_id{};  // NULL: the instruction is gone
};

struct case_file {
  mig::uuid case_id{}, file_id{};
};

inline constexpr std::string_view case_files_query = R"sql(
select f.id, f.instruction_id, i.patient_id
from public.dispatch_file f
left join public.dispatch_instruction i on i.id = f.instruction_id
)sql";

struct case_files {
  static constexpr std::string_view name = "case_files";
  static constexpr std::string_view description =
      "files of the case of their instruction's patient, also when the order did not arrive";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_case_file>(
      "public.dispatch_file", case_files_query, mig::key("id", &legacy_case_file::id),
      mig::col("patient_id", &legacy_case_file::patient_id));

  static constexpr auto target = mig::into<case_file>(
      "public.case_files", mig::identity("id"),
      mig::reference("case_id", &case_file::case_id, "business.cases", mig::missing::reject),
      mig::reference("file_id", &case_file::file_id, "business.files", mig::missing::reject));

  static constexpr mig::filter filters[] = {has_instruction};

  void transform(const legacy_case_file& row, mig::output<case_files>& out) {
    const auto belongs_to = out.resolve<"business.cases">(row.patient_id);
    if (!belongs_to) return;
    const auto file = out.resolve<"business.files">(row.id);
    if (!file) return;
    out.row(case_file{.case_id = *belongs_to, .file_id = *file});
  }
};

}  // namespace business

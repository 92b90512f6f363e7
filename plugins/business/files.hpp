// business.files: what is known about each stored file. The bytes stay where they are.
#pragma once

#include <stdexcept>

#include "file_names.hpp"

namespace business {

/// The setting `storage_path`, with the file's uid in place of each "{uid}".
class path_template {
 public:
  static constexpr std::string_view placeholder = "{uid}";
  static constexpr std::string_view fallback = "files/{uid}";

  /// Throws std::invalid_argument when all files would get the same path.
  explicit path_template(const mig::settings& settings)
      : text_(settings.text("storage_path", fallback)) {
    for (std::size_t at = text_.find('{'); at != text_.npos; at = text_.find('{', at + 1)) {
      if (text_.compare(at, placeholder.size(), placeholder) == 0) continue;
      throw std::invalid_argument("setting 'storage_path': {uid} is the only word in braces");
    }
    if (text_.find(placeholder) == text_.npos) {
      throw std::invalid_argument(
          "setting 'storage_path': it has no {uid}, so all files would get "
          "the same path");
    }
  }

  /// The path of one file; valid until the next call.
  std::string_view operator()(std::string_view uid) {
    path_ = text_;
    for (std::size_t at = path_.find(placeholder); at != path_.npos;
         at = path_.find(placeholder, at + uid.size())) {
      path_.replace(at, placeholder.size(), uid);
    }
    return path_;
  }

 private:
  std::string text_;
  std::string path_;
};

struct legacy_file {
  std::int64_t id = 0;
  mig::uuid uid{};
  maybe_text name{}, ext{};
  maybe_id size{}, type{}, instruction_id{};
  maybe_time created_at{};
  maybe_text description{};
  maybe_id product_id{};
  maybe_text parameters{};
  maybe_id record_id{}, status{};
};

struct file {
  std::string_view file_uid{};
  std::optional<mig::uuid> order_id{};
  std::string_view filename{};
  maybe_text file_type{};
  std::optional<std::int64_t> file_size_bytes{};
  std::string_view mime_type{}, storage_path{};
  maybe_time uploaded_at{};
  std::int64_t legacy_file_id = 0;
  mig::json metadata{};
};

struct files {
  static constexpr std::string_view name = "files";
  static constexpr std::string_view description =
      "stored files, half of them without an order (D-41); no bytes are moved";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_file>(
      "public.dispatch_file", mig::key("id", &legacy_file::id), mig::col("uid", &legacy_file::uid),
      mig::col("name", &legacy_file::name), mig::col("ext", &legacy_file::ext),
      mig::col("size", &legacy_file::size), mig::col("type", &legacy_file::type),
      mig::col("instruction_id", &legacy_file::instruction_id),
      mig::col("created_at", &legacy_file::created_at),
      mig::col("description", &legacy_file::description),
      mig::col("product_id", &legacy_file::product_id),
      mig::col("parameters", &legacy_file::parameters),
      mig::col("record_id", &legacy_file::record_id), mig::col("status", &legacy_file::status));

  static constexpr auto target = mig::into<file>(
      "public.files", mig::identity("id"), mig::legacy("legacy_file_id", &file::legacy_file_id),
      mig::reference("order_id", &file::order_id, "core.orders", mig::missing::null),
      mig::col("file_uid", &file::file_uid), mig::col("filename", &file::filename),
      mig::col("file_type", &file::file_type), mig::col("file_size_bytes", &file::file_size_bytes),
      mig::col("mime_type", &file::mime_type), mig::col("storage_path", &file::storage_path),
      mig::col("uploaded_at", &file::uploaded_at), mig::col("metadata", &file::metadata));

  static constexpr mig::code codes[] = {
      json_invalid, nul_replaced, {"size_invalid", "a size below zero was left out"}};

  static constexpr mig::total totals[] = {
      {"file bytes", "case when size >= 0 then size end", "file_size_bytes"}};

  explicit files(const mig::settings& settings) : path_(settings) {}

  void transform(const legacy_file& row, mig::output<files>& out) {
    const std::string_view uid = out.keep(row.uid.to_text());
    const maybe_text ext = extension(row.ext, out);
    const maybe_text type = file_type(ext, out);
    out.row(file{.file_uid = uid,
                 .order_id = out.resolve<"core.orders">(row.instruction_id),
                 .filename = file_name(row.name, ext, uid, out),
                 .file_type = type,
                 .file_size_bytes = size(row, out),
                 .mime_type = mime_type(type),
                 .storage_path = out.keep(path_(uid)),
                 .uploaded_at = row.created_at,
                 .legacy_file_id = row.id,
                 .metadata = metadata(row, out)});
  }

 private:
  static std::optional<std::int64_t> size(const legacy_file& row, mig::output<files>& out) {
    if (!row.size || *row.size >= 0) return row.size;
    out.note<"size_invalid">("size", digits{*row.size});
    return std::nullopt;
  }

  mig::json metadata(const legacy_file& row, mig::output<files>& out) {
    metadata_.clear();
    metadata_.add("description", row.description)
        .add("type", row.type)
        .add("status", row.status)
        .add("product_id", row.product_id)
        .add("record_id", row.record_id)
        .add_raw("parameters", json_from(row.parameters, "parameters", out).text);
    return out.keep(metadata_);
  }

  path_template path_;
  mig::json_object metadata_;
};

}  // namespace business

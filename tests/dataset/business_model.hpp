// The rows of the business tables in memory, each with what was planted in it. See model.hpp. Tasks
// and files are many, so they hold small indexes, and long texts only as the seed they are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model.hpp"
#include "values.hpp"

namespace mighost::dataset {

// A reference that may be NULL, name a row, or name an id that no row has.
struct Link {
  std::optional<std::uint32_t> row;
  std::optional<int> missing_id;

  static Link none() { return {}; }
  static Link to(std::size_t index) { return {static_cast<std::uint32_t>(index), std::nullopt}; }
  static Link gone(int id) { return {std::nullopt, id}; }
};

struct Template {
  int id = 0;
  std::optional<std::string> task_name, action_name, text_name;
  std::optional<int> function, status, duration;
  std::optional<std::size_t> category, course;
  bool predefined = false;
  bool read_only = false;
  std::optional<std::string> extensions, alerts;
  bool separate = false;

  bool name_missing = false;
  bool duration_bad = false;
};

struct TemplateLink {
  int id = 0;
  std::size_t owner = 0;  // a template
  Link other;             // product, role, group or template
};

// What a generic reference (content type and id) can name and have a rule for.
enum class Model { none, instruction, patient, user, userproxy, task, record, file, plan, other };

struct Generic {
  Model model = Model::none;
  std::optional<std::size_t> other_type;  // a content type, for Model::other
  std::optional<int> gone_type;           // a content type id that does not exist
  Link row;
};

struct Record {
  int id = 0;
  Generic target;
  std::optional<int> type;
  Instant created_at;
  std::optional<std::string> text;
  Link author;
  std::optional<std::size_t> group;
  std::optional<bool> is_public;

  bool type_unknown = false;
  bool text_empty = false;
};

struct RecordRole {
  int id = 0;
  std::size_t record = 0;
  std::size_t role = 0;
};

// In the order of the table in file_names.cpp.
enum class FileType : std::uint8_t {
  stl,
  ply,
  jpg,
  jpeg,
  png,
  gif,
  pdf,
  zip,
  rar,
  tar,
  dcm,
  dxf,
  txt,
  docx,
  irk,
  gz,
  none
};

struct File {
  int id = 0;
  std::uint64_t uid_high = 0;
  std::uint64_t uid_low = 0;
  std::optional<std::string> name, ext;
  std::optional<std::int64_t> size;
  std::optional<int> type, status;
  Link instruction;
  Link product;
  std::optional<std::uint32_t> record;
  std::optional<Instant> created_at;
  std::optional<std::uint64_t> description;  // the seed of its text
  JsonText parameters;

  FileType file_type = FileType::none;
  bool name_final = false;  // the lower filename contains _full.jpg, package or final
};

struct Attachment {
  int id = 0;
  Link record;
  Link file;
  bool twice = false;
};

struct Task {
  int id = 0;
  bool checked = false;
  std::optional<Instant> done_at;
  std::optional<std::uint32_t> file, plan, basket;
  Link template_row;
  Link instruction;
  Link actor;
  std::optional<std::uint32_t> text;  // the seed of its text
  std::int8_t jaw = -1;               // -1: NULL
};

enum class CommentKind { doctor_response, patient_question, treatment_update, clinical_note };

struct Comment {
  int id = 0;
  Instant created_at;
  std::string text;
  Link author;
  Link plan;

  CommentKind kind = CommentKind::clinical_note;
  bool text_empty = false;
};

struct DoctorNote {
  int id = 0;
  Instant created_at;
  std::string text;
  Link author;
  Link doctor;  // a user

  bool text_empty = false;
};

struct Action {
  int id = 0;
  std::optional<std::string> action;
  std::optional<Instant> date;
  Generic item, owner;
  JsonText data;
  Link user;

  bool action_missing = false;
};

struct Business {
  std::vector<Template> templates;
  std::vector<TemplateLink> template_products, template_edit_roles, template_view_roles,
      template_view_groups, template_predecessors;
  std::vector<Record> records;
  std::vector<RecordRole> record_roles;
  std::vector<File> files;
  std::vector<Attachment> attachments;
  std::vector<Task> tasks;
  std::vector<Comment> comments;
  std::vector<DoctorNote> notes;
  std::vector<Action> actions;
};

}  // namespace mighost::dataset

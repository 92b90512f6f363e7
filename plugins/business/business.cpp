// The business family: the workflow's steps and tasks, cases, messages, files, comments and
// notifications. docs/families/business.md says what becomes of every row; each group of entities
// stands in a header of its own.
#include <mighost/plugin.hpp>

#include "actions.hpp"
#include "case_messages.hpp"
#include "cases.hpp"
#include "comments.hpp"
#include "file_links.hpp"
#include "files.hpp"
#include "messages.hpp"
#include "notifications.hpp"
#include "tasks.hpp"
#include "template_links.hpp"
#include "templates.hpp"

namespace business {

struct plugin {
  static constexpr std::string_view family = "business";
  static constexpr std::string_view description =
      "workflow, tasks, cases, messages, files and notifications of the laboratory";
  static constexpr mig::setting settings[] = {
      {"template_function", mig::kind::map, "{}",
       "other words for codes of template.function; unknown codes are \"other\""},
      {"case_status", mig::kind::map, "{}",
       "other words for codes of patient.status; cases with unknown codes are quarantined"},
      {"record_type", mig::kind::map, "{}",
       "other words for codes of record.type; messages with unknown codes are quarantined"},
      {"task_jaw", mig::kind::map, "{}",
       "words for codes of task.jaw: upper, lower, both; without one the jaw is NULL"},
      {"storage_path", mig::kind::text, "files/{uid}",
       "where a file lies in the new storage; {uid} stands for the file's uid"},
  };
};

}  // namespace business

MIGHOST_PLUGIN(business::plugin, business::templates, business::template_products,
               business::template_edit_roles, business::template_view_roles,
               business::template_view_groups, business::template_predecessors, business::cases,
               business::order_cases, business::tasks, business::user_tasks, business::messages,
               business::team_communications, business::files, business::message_attachments,
               business::order_files, business::case_files, business::comments,
               business::treatment_discussions, business::case_messages,
               business::customer_feedback, business::note_comments, business::doctor_notes,
               business::system_messages, business::user_actions)

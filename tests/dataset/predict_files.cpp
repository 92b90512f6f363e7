// What docs/families/business.md makes of files, of their projections and of attachments.

#include "business_links.hpp"
#include "business_parts.hpp"
#include "business_texts.hpp"

namespace mighost::dataset {

namespace {

Note json_invalid(const File& file) {
  return {file.parameters.kind == JsonKind::invalid, "json_invalid"};
}
Note nul_replaced(const File& file) {
  return {file.parameters.kind == JsonKind::nul, "nul_replaced"};
}

bool has_instruction(const File& file) {
  return file.instruction.row || file.instruction.missing_id;
}

void predict_facts(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.files");
  DecimalSum source;
  for (const File& file : dataset.business.files) {
    const bool size_bad = file.size && *file.size < 0;
    if (file.size && !size_bad) {
      source.add({*file.size, 0});
    }
    oracle.fates.files.push_back(Fate::written);
    tally.written({{size_bad, "size_invalid"},
                   {lost(oracle.fates.orders, file.instruction), "missing_parent"},
                   json_invalid(file),
                   nul_replaced(file)});
    oracle.fact("business.files.mime_type", mime_type(file.file_type));
  }
  oracle.control_total("business.files/file bytes", source, source, {});
}

void predict_attachments(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.message_attachments");
  for (const Attachment& attachment : dataset.business.attachments) {
    if (!resolved(tally, oracle.fates.messages, attachment.record) ||
        !resolved(tally, oracle.fates.files, attachment.file)) {
      continue;
    }
    if (attachment.twice) {
      tally.quarantined("unique");
    } else {
      tally.written();
    }
  }
}

std::string_view category_by_code(const File& file) {
  if (file.type == 6 || file.type == 7) {
    return "scan";
  }
  return file.type == 8 ? "image" : "other";
}

std::string_view category(const File& file) {
  switch (file.file_type) {
    case FileType::stl:
    case FileType::ply:
      return "scan";
    case FileType::jpg:
    case FileType::jpeg:
    case FileType::png:
    case FileType::gif:
      return file.name_final ? "final_package" : "image";
    case FileType::pdf:
      return "document";
    case FileType::zip:
    case FileType::rar:
    case FileType::tar:
      return "package";
    default:
      return category_by_code(file);
  }
}

void predict_order_files(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.order_files");
  const Fates& fates = oracle.fates;
  for (const File& file : dataset.business.files) {
    if (!has_instruction(file)) {
      tally.filtered("no_instruction");
    } else if (resolved(tally, fates.orders, file.instruction)) {
      const bool record_lost = file.record && fates.messages[*file.record] != Fate::written;
      tally.written({{record_lost || lost(fates.products, file.product), "missing_parent"},
                     json_invalid(file),
                     nul_replaced(file)});
      oracle.fact("business.order_files.category", category(file));
    }
  }
}

void predict_case_files(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.case_files");
  for (const File& file : dataset.business.files) {
    if (!has_instruction(file)) {
      tally.filtered("no_instruction");
      continue;
    }
    Fate found = Fate::missing;
    if (file.instruction.row) {
      const Instruction& order = dataset.instructions[*file.instruction.row];
      found = order.missing_patient_id ? Fate::missing : oracle.fates.cases[order.patient];
    }
    if (resolved(tally, found)) {
      tally.written();
    }
  }
}

}  // namespace

void predict_files(const Dataset& dataset, Oracle& oracle) {
  predict_facts(dataset, oracle);
  predict_attachments(dataset, oracle);
  predict_order_files(dataset, oracle);
  predict_case_files(dataset, oracle);
}

}  // namespace mighost::dataset

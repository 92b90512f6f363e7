#include "core_parts.hpp"

namespace mighost::dataset {

namespace {

void write_instructions(const Dataset& dataset, Sink& sink) {
  write_table(
      sink, "dispatch_instruction",
      "id, patient_id, course_id, \"order\", model, scanner, upper_jaw_id, lower_jaw_id, notes,"
      " scanner_notes, exports, conditions, complaint, objective, price, status, cbct,"
      " accept_extraction, comprehensive, deleted, suffix, submitted_at, updated_at",
      dataset.instructions, [&dataset](TableWriter& writer, const Instruction& instruction) {
        const int patient_id =
            instruction.missing_patient_id.value_or(dataset.patients[instruction.patient].id);
        writer.row(instruction.id, patient_id, dataset.courses[instruction.course].named.id,
                   instruction.order, instruction.model, instruction.scanner,
                   id_of(dataset.jaws, instruction.upper_jaw),
                   id_of(dataset.jaws, instruction.lower_jaw), instruction.notes,
                   instruction.scanner_notes, instruction.exports.text, instruction.conditions,
                   instruction.complaint, instruction.objective, instruction.price,
                   instruction.status, instruction.cbct, instruction.accept_extraction,
                   instruction.comprehensive, instruction.deleted, instruction.suffix,
                   instruction.submitted_at, instruction.updated_at);
      });
}

}  // namespace

void write_orders(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_jaw", "id, bond_teeth, extract_teeth, reason, product_id, labial",
              dataset.jaws, [&dataset](TableWriter& writer, const Jaw& jaw) {
                writer.row(jaw.id, jaw.bond_teeth, jaw.extract_teeth, jaw.reason,
                           named_id_of(dataset.products, jaw.product), jaw.labial);
              });
  write_instructions(dataset, sink);
  write_table(sink, "dispatch_order", "id, status, doctor_id, course_id, custom_price",
              dataset.baskets, [&dataset](TableWriter& writer, const Basket& basket) {
                writer.row(basket.id, basket.status, dataset.users[basket.doctor].id,
                           dataset.courses[basket.course].named.id, basket.custom_price);
              });
}

}  // namespace mighost::dataset

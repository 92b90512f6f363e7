// Two entities that each want the other first.
#include "references.hpp"

namespace {
constexpr mig_reference to_boxes = tiny::reference_to("tiny.boxes");
constexpr mig_reference to_items = tiny::reference_to("tiny.items");
constexpr const mig_reference* item_references[] = {&to_boxes};
constexpr const mig_reference* box_references[] = {&to_items};
constexpr mig_entity items = tiny::child("items", item_references);
constexpr mig_entity boxes = tiny::child("boxes", box_references);
constexpr const mig_entity* entities[] = {&items, &boxes};
constexpr mig_plugin plugin = tiny::plugin(entities);
}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }

// Files: scans, photos, plans. Half of them belong to no instruction, few to a record, and those
// are what attachments point at.

#include <algorithm>
#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "business_texts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// Roughly log-normal from 10 KB to 300 MB, without a logarithm: a power of two and a fraction.
std::int64_t any_size(Random& random) {
  constexpr std::array<std::uint32_t, 15> weights = {5,   15,  35, 60, 90, 120, 140, 150,
                                                     140, 110, 70, 40, 15, 7,   3};
  const std::int64_t base = std::int64_t{8192} << random.weighted(weights);
  return base + random.between(0, base - 1);
}

FileType any_type(Random& random) {
  constexpr std::array<std::uint32_t, 17> weights = {420, 30, 250, 20, 30, 3,  60, 50, 10,
                                                     4,   30, 8,   5,  6,  60, 4,  10};
  return static_cast<FileType>(random.weighted(weights));
}

class FileMaker {
 public:
  explicit FileMaker(const Dataset& dataset)
      : dataset_(dataset), random_(dataset.random("files")) {}

  // `order` is where the file stands in the order of the ids; most files belong to it.
  File make(int id, std::size_t order) {
    constexpr std::array<int, 7> types = {1, 2, 6, 7, 8, 12, 13};
    constexpr std::array<std::uint32_t, 7> weights = {200, 100, 250, 150, 200, 50, 50};
    File file;
    file.id = id;
    file.uid_high = random_.next();
    file.uid_low = random_.next();
    const FileType type = any_type(random_);
    take_name(file, good_file_name(random_, type));
    if (!random_.chance(3)) {
      file.size = random_.chance(5) ? 0 : any_size(random_);
    }
    if (!random_.chance(10)) {
      file.type = types[random_.weighted(weights)];
    }
    if (random_.chance(700)) {
      file.status = static_cast<int>(random_.below(4));
    }
    file.instruction = Link::to(order);
    if (random_.chance(250)) {
      file.product = Link::to(random_.below(dataset_.products.size()));
    }
    if (!random_.chance(5)) {
      file.created_at = later(random_, time_of(dataset_.instructions[order]), 40);
    }
    if (random_.chance(80)) {
      file.description = random_.next();
    }
    file.parameters = any_parameters();
    return file;
  }

  static void take_name(File& file, FileName name) {
    file.name = std::move(name.name);
    file.ext = std::move(name.ext);
    file.file_type = name.type;
    file.name_final = name.name_final;
  }

 private:
  JsonText any_parameters() {
    if (random_.chance(400)) {
      return {std::nullopt, JsonKind::empty};
    }
    return healthy_json(random_);
  }

  const Dataset& dataset_;
  Random random_;
};

class FileDirt {
 public:
  explicit FileDirt(Dataset& dataset)
      : dataset_(dataset), files_(dataset.business.files), random_(dataset.random("file dirt")) {}

  void plant() {
    plant_shapes();
    DirtPool any(random_, indexes_where(files_, [](const File&) { return true; }));
    std::size_t rotation = random_.below(100);
    for (const std::size_t file : any.take(wanted("file_bad_name"), "file_bad_name")) {
      FileMaker::take_name(files_[file], odd_file_name(random_, rotation++));
    }
    for (const std::size_t file : any.take(wanted("file_size_bad"), "file_size_bad")) {
      files_[file].size = -random_.between(1, 5000);
    }
    // The others show in order_files too, so they are planted where an order is written.
    DirtPool sound(random_, indexes_where(files_, [this](const File& file) {
                     return file.instruction.row && !file.record &&
                            is_sound(dataset_, dataset_.instructions[*file.instruction.row]);
                   }));
    plant_lost(sound);
    plant_parameters(sound);
  }

 private:
  std::size_t wanted(std::string_view knob) const {
    return dataset_.knobs.planted(knob, files_.size());
  }

  void plant_shapes() {
    DirtPool pool(random_, indexes_where(files_, [](const File&) { return true; }));
    for (const std::size_t file : pool.take(wanted("file_with_record"), "file_with_record")) {
      files_[file].record = random_.below(dataset_.business.records.size());
      if (random_.chance(500)) {
        files_[file].instruction = Link::none();
      }
    }
    const auto owned = [](const File& file) { return file.instruction.row.has_value(); };
    const auto bare = files_.size() - indexes_where(files_, owned).size();
    const std::size_t all_bare = std::max(wanted("file_no_instruction"), bare);
    DirtPool rest(random_, indexes_where(files_, owned));
    for (const std::size_t file : rest.take(all_bare - bare, "file_no_instruction")) {
      files_[file].instruction = Link::none();
    }
  }

  void plant_lost(DirtPool& pool) {
    const auto orders = missing_ids(dataset_.instructions);
    for (const std::size_t file :
         pool.take(wanted("file_lost_instruction"), "file_lost_instruction")) {
      files_[file].instruction = Link::gone(random_.one_of(orders));
    }
    std::vector<int> ids;
    for (const Product& product : dataset_.products) {
      ids.push_back(product.named.id);
    }
    const auto products = gaps_between(ids);
    for (const std::size_t file : pool.take(wanted("file_lost_product"), "file_lost_product")) {
      files_[file].product = Link::gone(random_.one_of(products));
    }
  }

  void plant_parameters(DirtPool& pool) {
    std::size_t rotation = random_.below(100);
    for (const std::size_t file : pool.take(wanted("parameters_bad"), "parameters_bad")) {
      files_[file].parameters = json_text(random_, JsonKind::invalid, rotation++);
    }
    for (const std::size_t file : pool.take(wanted("parameters_nul"), "parameters_nul")) {
      files_[file].parameters = json_text(random_, JsonKind::nul, rotation++);
    }
  }

  Dataset& dataset_;
  std::vector<File>& files_;
  Random random_;
};

void make_attachments(Dataset& dataset) {
  Business& business = dataset.business;
  const auto attached =
      indexes_where(business.files, [](const File& file) { return file.record.has_value(); });
  Random random = dataset.random("attachments");
  IdAllocator ids(dataset.random("attachment ids"), 1, 60);
  // No more than there are files with a record: a pair that occurs twice is a defect.
  const std::size_t count = std::min(dataset.knobs.count("attachments"), attached.size());
  auto files = choose(random, attached, count, "attachments");
  std::sort(files.begin(), files.end());
  for (const std::size_t file : files) {
    const std::size_t record = *business.files[file].record;
    business.attachments.push_back({ids.next(), Link::to(record), Link::to(file)});
  }
}

// Records that nothing keeps from becoming messages.
bool is_written(const Dataset& dataset, const Link& link) {
  const Record& record = dataset.business.records[*link.row];
  const bool about_patient = record.target.model == Model::patient;
  return !record.type_unknown && record.target.row.row &&
         (!about_patient || !dataset.patients[*record.target.row.row].sex_unknown);
}

void plant_attachments(Dataset& dataset) {
  auto& attachments = dataset.business.attachments;
  Random random = dataset.random("attachment dirt");
  DirtPool pool(random, indexes_where(attachments, [&dataset](const Attachment& attachment) {
                  return is_written(dataset, attachment.record);
                }));
  const auto take = [&](std::string_view knob) {
    return pool.take(dataset.knobs.planted(knob, attachments.size()), knob);
  };
  const auto records = missing_ids(dataset.business.records);
  const auto files = missing_ids(dataset.business.files);
  std::size_t rotation = 0;
  for (const std::size_t index : take("attachment_dangling")) {
    if (rotation++ % 2 == 0) {
      attachments[index].record = Link::gone(random.one_of(records));
    } else {
      attachments[index].file = Link::gone(random.one_of(files));
    }
  }
  const auto doubles = take("attachment_twice");
  const auto originals = pool.take(doubles.size(), "attachment_twice");
  for (std::size_t i = 0; i < doubles.size(); ++i) {
    attachments[doubles[i]].record = attachments[originals[i]].record;
    attachments[doubles[i]].file = attachments[originals[i]].file;
    attachments[doubles[i]].twice = true;
  }
}

}  // namespace

void generate_files(Dataset& dataset) {
  auto& files = dataset.business.files;
  const std::size_t count = dataset.knobs.count("files");
  IdAllocator ids(dataset.random("file ids"), 1, 100);
  FileMaker maker(dataset);
  files.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    files.push_back(maker.make(ids.next(), i * dataset.instructions.size() / count));
  }
  FileDirt(dataset).plant();
  make_attachments(dataset);
  plant_attachments(dataset);
}

}  // namespace mighost::dataset

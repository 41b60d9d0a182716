#include "training/transformer_task.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <filesystem>

#include "checkpoint/atomic_file.h"
#include "device/tensors.h"
#include "lumina/status.h"
#include "model/layout.h"
#include "training/lora.h"
#include "training/random.h"
#include "training/tensor_file.h"

namespace lumina::training {
namespace {

// Logits that are alive together; beyond it they are computed in parts, and again on the way back.
constexpr std::int64_t kMaxLogits = std::int64_t{1} << 27;

void require_lengths(const TokenRecords& records, const std::string& path, std::int64_t limit) {
  for (std::int64_t i = 0; i < records.count(); ++i) {
    if (records.length(i) > limit) {
      throw Error(ErrorCode::kInvalidArgument,
                  path + ": record " + std::to_string(i) + " has " +
                      std::to_string(records.length(i)) + " tokens, more than the " +
                      std::to_string(limit) +
                      " that fit; cutting it would cut its picture. Raise max_seq_len or drop it");
    }
  }
}

}  // namespace

std::int64_t without_text(const TokenRecord& record, std::int32_t image_start,
                          std::int32_t image_end, std::int64_t* length) {
  const std::int32_t* begin = record.tokens;
  const std::int32_t* end = begin + record.length;
  // START .. END, then the separator that ends the message.
  if (record.length < 4 || end[-2] != image_end || std::count(begin, end, image_end) != 1 ||
      record.labels[record.length - 2] != image_end) {
    return -1;
  }
  const std::int32_t* start = std::find(begin, end, image_start);
  if (start == end || start == begin) return -1;
  *length = end - 1 - start;
  return start - begin;
}

TransformerTask::TransformerTask(const checkpoint::ModelConfig& config, ParameterSet parameters,
                                 const checkpoint::WeightSet* base, TransformerTaskOptions options,
                                 ModelSurroundings surroundings)
    : config_(config),
      parameters_(std::move(parameters)),
      options_(std::move(options)),
      surroundings_(std::move(surroundings)),
      network_(config_, parameters_, frozen_, options_.network) {
  parameters_.to(options_.device);
  if (base != nullptr) {
    for (const auto& spec : model::transformer_tensors(config_)) {
      frozen_[spec.name] =
          device::to_tensor(base->get(spec.name), options_.network.compute).to(options_.device);
    }
  }
  const std::int64_t limit = options_.max_sequence > 0
                                 ? std::min(options_.max_sequence, config_.max_position_embeddings)
                                 : config_.max_position_embeddings;
  std::vector<OrderedSource> ordered;
  std::vector<std::string> types;
  for (const RecordSource& source : options_.sources) {
    if (!(source.ratio > 0.0 && source.ratio <= 1.0)) {
      throw Error(ErrorCode::kInvalidArgument,
                  "the ratio of " + source.path + " must be above 0 and at most 1");
    }
    records_.emplace_back(source.path, config_.vocab_size);
    const TokenRecords& records = records_.back();
    require_lengths(records, source.path, limit);
    if (records.count() <= options_.validation_records) {
      throw Error(ErrorCode::kInvalidArgument,
                  source.path + " holds " + std::to_string(records.count()) +
                      " records, fewer than are kept for validation and one more");
    }
    OrderedSource entry;
    entry.ratio = source.ratio;
    const auto type = std::find(types.begin(), types.end(), source.type);
    entry.group = type - types.begin();
    if (type == types.end()) types.push_back(source.type);
    for (std::int64_t i = 0; i < records.count() - options_.validation_records; ++i) {
      entry.lengths.push_back(records.length(i));
    }
    ordered.push_back(std::move(entry));
  }
  if (records_.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "training needs at least one file of token records");
  }
  order_ = std::make_unique<RecordOrder>(std::move(ordered), options_.batch_size,
                                         options_.accumulation, options_.seed);
}

TokenBatch TransformerTask::collate(const std::vector<RecordIndex>& indices, bool training,
                                    std::int64_t step) const {
  std::vector<TokenRecord> rows;
  std::int64_t longest = 0;
  for (const RecordIndex& at : indices) {
    TokenRecord record = records_[at.source][at.record];
    const auto place = static_cast<std::uint32_t>(rows.size());
    std::int64_t length = 0;
    if (training && options_.prompt_dropout > 0.0 &&
        random_unit(options_.seed, Draw::kPromptDropout, step, place) < options_.prompt_dropout) {
      const std::int64_t start =
          without_text(record, options_.image_start, options_.image_end, &length);
      if (start >= 0) {
        record.tokens += start;
        record.labels += start;
        record.length = length;
      }
    }
    longest = std::max(longest, record.length);
    rows.push_back(record);
  }
  const auto count = static_cast<std::int64_t>(rows.size());
  TokenBatch batch{at::zeros({count, longest}, at::kLong),
                   at::full({count, longest}, kNoLabel, at::kLong)};
  for (std::int64_t b = 0; b < count; ++b) {
    auto* tokens = batch.tokens.data_ptr<std::int64_t>() + b * longest;
    auto* targets = batch.targets.data_ptr<std::int64_t>() + b * longest;
    std::copy_n(rows[b].tokens, rows[b].length, tokens);
    std::copy_n(rows[b].labels + 1, rows[b].length - 1, targets);
  }
  return {batch.tokens.to(options_.device), batch.targets.to(options_.device)};
}

TransformerTask::Loss TransformerTask::loss(const TokenBatch& batch, std::uint64_t noise) {
  const at::Tensor targets = batch.targets.flatten();
  const at::Tensor chosen = (targets >= 0).nonzero().squeeze(1);
  const at::Tensor labels = targets.index_select(0, chosen);
  const at::Tensor rows =
      network_.hidden(batch.tokens, noise).flatten(0, 1).index_select(0, chosen);
  Loss result;
  result.targets = labels.size(0);
  const std::int64_t part = std::max<std::int64_t>(1, kMaxLogits / config_.vocab_size);
  std::vector<Block> blocks;
  blocks.reserve(rows.size(0) / part + 1);
  at::Tensor sums = at::zeros({2}, rows.options().dtype(at::kFloat));
  for (std::int64_t first = 0; first < rows.size(0); first += part) {
    const std::int64_t count = std::min(part, rows.size(0) - first);
    const at::Tensor part_labels = labels.narrow(0, first, count);
    const Block block = [this, part_labels](const at::Tensor& part_rows) {
      const at::Tensor logits = network_.logits(part_rows);
      const at::Tensor total = at::logsumexp(logits, 1);
      const at::Tensor picked = logits.gather(1, part_labels.unsqueeze(1)).squeeze(1);
      return at::stack({(total - picked).sum(), total.square().sum()});
    };
    const at::Tensor part_rows = rows.narrow(0, first, count);
    sums = sums + (count == rows.size(0) || !at::GradMode::is_enabled()
                       ? block(part_rows)
                       : recompute(blocks.emplace_back(block), part_rows));
  }
  recomputed_ = std::move(blocks);
  result.cross_entropy = sums[0];
  result.z = sums[1];
  return result;
}

Metrics TransformerTask::accumulate(std::int64_t step, std::int64_t micro, double weight) {
  const std::int64_t address = step * options_.accumulation + micro;
  const TokenBatch batch = collate(order_->batch(step, micro), /*training=*/true, address);
  const Loss sums = loss(batch, random_word(options_.seed, Draw::kDropout, address));
  const auto targets = static_cast<double>(std::max<std::int64_t>(sums.targets, 1));
  const at::Tensor cross_entropy = sums.cross_entropy / targets;
  const at::Tensor z = sums.z / targets;
  const at::Tensor total =
      options_.z_loss > 0.0 ? cross_entropy + options_.z_loss * z : cross_entropy;
  (total * weight).backward();
  return {{"loss", total.item<double>()},
          {"cross_entropy", cross_entropy.item<double>()},
          {"z", z.item<double>()}};
}

Metrics TransformerTask::validate() {
  if (options_.validation_records == 0) return {};
  const at::NoGradGuard no_grad;
  double sum = 0.0;
  double targets = 0.0;
  for (std::size_t s = 0; s < records_.size(); ++s) {
    const std::int64_t end = records_[s].count();
    for (std::int64_t first = end - options_.validation_records; first < end;
         first += options_.batch_size) {
      std::vector<RecordIndex> indices;
      for (std::int64_t i = first; i < std::min(end, first + options_.batch_size); ++i) {
        indices.push_back({static_cast<std::int32_t>(s), i});
      }
      const Loss part = loss(collate(indices, /*training=*/false, 0), 0);
      sum += part.cross_entropy.item<double>();
      targets += static_cast<double>(part.targets);
    }
  }
  return {{"cross_entropy", sum / targets}};
}

void TransformerTask::write_model(const std::string& folder) {
  if (options_.network.lora.rank > 0) {
    write_adapter(folder, parameters_, options_.network.lora, surroundings_.base);
    return;
  }
  NamedTensors tensors;
  for (std::size_t i = 0; i < parameters_.names().size(); ++i) {
    const at::Tensor& value = parameters_.tensors()[i];
    tensors.emplace_back(parameters_.names()[i],
                         surroundings_.bf16 ? value.detach().to(at::kBFloat16) : value);
  }
  write_tensors(folder + "/model.safetensors", tensors, {{"format", "pt"}});
  checkpoint::write_text_file(folder + "/config.json", surroundings_.config.empty()
                                                           ? config_.to_json()
                                                           : surroundings_.config);
  namespace fs = std::filesystem;
  for (const std::string& file : surroundings_.files) {
    checkpoint::copy_file(file, (fs::path(folder) / fs::path(file).filename()).string());
  }
}

}  // namespace lumina::training

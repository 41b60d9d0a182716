#include "training/movqgan_task.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "lumina/status.h"
#include "training/random.h"
#include "training/tensor_file.h"

namespace lumina::training {
namespace {

constexpr const char* kCodebook = "quantize.embedding.weight";
constexpr const char* kWeightFile = "/movqgan.safetensors";
constexpr int kLloydSteps = 20;
// A code that is chosen less often than this between two restarts is moved.
constexpr float kRareUses = 1.0F;

// Squared distances [n, codes] of rows z [n, dim] to a codebook.
at::Tensor distances(const at::Tensor& z, const at::Tensor& codebook) {
  return at::addmm((codebook * codebook).sum(1).unsqueeze(0), z, codebook.t(), 1.0, -2.0) +
         (z * z).sum(1, /*keepdim=*/true);
}

at::Tensor count_codes(const at::Tensor& codes, std::int64_t codebook_size) {
  return at::bincount(codes, {}, codebook_size).to(at::kFloat);
}

at::Tensor to_8_bit(const at::Tensor& y) { return ((y + 1.0) * 127.5).round().clamp(0.0, 255.0); }

}  // namespace

MovqganTask::MovqganTask(const vision::MovqganConfig& config, ParameterSet parameters,
                         MovqganTaskOptions options)
    : config_(config),
      parameters_(std::move(parameters)),
      options_(std::move(options)),
      network_(parameters_, config_, options_.compute),
      usage_(at::zeros({config.codebook_size}, at::TensorOptions(options_.device))),
      merged_(
          at::arange(config.codebook_size, at::TensorOptions(options_.device).dtype(at::kLong))) {
  parameters_.to(options_.device);
  const auto refuse = [](const std::string& reason) {
    throw Error(ErrorCode::kInvalidArgument, reason);
  };
  if (options_.sources.empty()) refuse("training needs at least one file of pixel records");
  if (options_.batch_size < 1) refuse("the batch size must be at least 1");
  if (options_.crop < 0 || options_.crop % 8 != 0) refuse("crop must be a multiple of 8, or 0");
  for (const PixelSource& source : options_.sources) {
    if (!(source.weight > 0.0)) refuse("the weight of " + source.path + " must be positive");
    records_.emplace_back(source.path);
    const PixelRecords& records = records_.back();
    if (records.count() <= options_.validation_records) {
      refuse(source.path + " holds " + std::to_string(records.count()) +
             " pictures, fewer than are kept for validation and one more");
    }
    if (options_.crop > std::min(records.height() / records.panels(), records.width())) {
      refuse(source.path + " has panels smaller than the crop");
    }
  }
}

const PixelRecords& MovqganTask::source(std::int64_t step, std::int64_t micro) const {
  double total = 0.0;
  for (const PixelSource& source : options_.sources) total += source.weight;
  double at =
      total * random_unit(options_.seed, Draw::kOrder, step, static_cast<std::uint32_t>(micro));
  for (std::size_t i = 0; i + 1 < records_.size(); ++i) {
    at -= options_.sources[i].weight;
    if (at < 0.0) return records_[i];
  }
  return records_.back();
}

at::Tensor MovqganTask::batch(const PixelRecords& records, std::int64_t step,
                              std::int64_t micro) const {
  const std::int64_t training = records.count() - options_.validation_records;
  const std::uint64_t first =
      static_cast<std::uint64_t>(step) << 16 | static_cast<std::uint64_t>(micro);
  std::vector<std::int64_t> indices;
  for (std::int64_t i = 0; i < options_.batch_size; ++i) {
    indices.push_back(random_index(options_.seed, Draw::kOrder, first,
                                   static_cast<std::uint32_t>(i + 1), training));
  }
  const at::Tensor whole = records.batch(indices).to(options_.device);
  if (options_.crop == 0 || records.panels() > 1) return whole;
  std::vector<at::Tensor> crops;
  for (std::int64_t i = 0; i < options_.batch_size; ++i) {
    const auto corner = [&](std::int64_t extent, std::uint32_t axis) {
      return random_index(options_.seed, Draw::kCrop, first,
                          static_cast<std::uint32_t>(2 * i) + axis, extent - options_.crop + 1);
    };
    crops.push_back(whole[i]
                        .narrow(1, corner(records.height(), 0), options_.crop)
                        .narrow(2, corner(records.width(), 1), options_.crop));
  }
  return at::stack(crops);
}

// [B, 3, panels * H, W] -> latents [panels * B, dim, H/8, W/8], all upper halves first.
at::Tensor MovqganTask::encode_panels(const at::Tensor& pictures, int panels) const {
  return network_.encode(at::cat(pictures.chunk(panels, 2), 0));
}

at::Tensor MovqganTask::join_panels(const at::Tensor& latent, int panels) const {
  return at::cat(latent.chunk(panels, 0), 2);
}

MovqganTask::Quantised MovqganTask::quantise(const at::Tensor& z) const {
  const at::Tensor& codebook = parameters_.get(kCodebook);
  const at::Tensor rows = z.permute({0, 2, 3, 1}).reshape({-1, config_.embed_dim});
  Quantised result;
  {
    const at::NoGradGuard no_grad;
    result.codes = at::argmin(distances(rows, codebook), 1);
  }
  const at::Tensor chosen = at::embedding(codebook, result.codes);
  result.loss =
      options_.codebook_weight * (at::mse_loss(chosen, rows.detach()) +
                                  options_.commitment * at::mse_loss(rows, chosen.detach()));
  const at::Tensor straight = rows + (chosen - rows).detach();
  result.latent = straight.view({z.size(0), z.size(2), z.size(3), -1}).permute({0, 3, 1, 2});
  return result;
}

Metrics MovqganTask::accumulate(std::int64_t step, std::int64_t micro, double weight) {
  const PixelRecords& records = source(step, micro);
  const at::Tensor pictures = batch(records, step, micro);
  const at::Tensor z = encode_panels(pictures, records.panels());
  at::Tensor latent = z;
  at::Tensor codebook_loss = at::zeros({}, usage_.options());
  if (step >= options_.free_steps) {
    Quantised quantised = quantise(z);
    latent = quantised.latent;
    codebook_loss = quantised.loss;
    usage_.add_(count_codes(quantised.codes, config_.codebook_size));
  }
  recent_ = z.detach().permute({0, 2, 3, 1}).reshape({-1, config_.embed_dim}).clone();
  const at::Tensor output = network_.decode(join_panels(latent, records.panels()));
  const at::Tensor mse = at::mse_loss(output, pictures);
  const at::Tensor reconstruction = at::l1_loss(output, pictures) + options_.l2_weight * mse;
  const at::Tensor loss = reconstruction + codebook_loss;
  (loss * weight).backward();
  return {{"loss", loss.item<double>()},
          {"reconstruction", reconstruction.item<double>()},
          {"codebook", codebook_loss.item<double>()},
          {"psnr", 10.0 * std::log10(4.0 / std::max(mse.item<double>(), 1e-12))}};
}

void MovqganTask::after_update(std::int64_t step, std::int64_t steps, Moments moments) {
  const at::NoGradGuard no_grad;
  if (step + 1 == options_.free_steps) set_codebook(step, moments);
  if (step < options_.free_steps) return;
  const auto settled =
      std::max(options_.free_steps,
               static_cast<std::int64_t>(options_.restart_until * static_cast<double>(steps)));
  if (step < settled) {
    if (options_.restart_every > 0 && (step + 1) % options_.restart_every == 0) {
      restart_codes(step, moments);
    }
    return;
  }
  if (options_.merge_distance == 0.0) return;
  if (step == settled) merge_codes();
  at::Tensor codebook = parameters_.get(kCodebook).detach();
  codebook.copy_(codebook.index_select(0, merged_));  // gradients move them apart
}

// k-means (Lloyd) on the latents of one batch per source, from codes drawn among them.
void MovqganTask::set_codebook(std::int64_t step, Moments& moments) {
  std::vector<at::Tensor> samples;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    for (std::int64_t part = 0; part < 4; ++part) {
      const at::Tensor z =
          encode_panels(batch(records_[i], step, 1000 + 4 * static_cast<std::int64_t>(i) + part),
                        records_[i].panels());
      samples.push_back(z.permute({0, 2, 3, 1}).reshape({-1, config_.embed_dim}));
    }
  }
  const at::Tensor z = at::cat(samples);
  std::vector<std::int64_t> first;
  for (std::int64_t i = 0; i < config_.codebook_size; ++i) {
    first.push_back(random_index(options_.seed, Draw::kCodebook, step,
                                 static_cast<std::uint32_t>(i), z.size(0)));
  }
  at::Tensor codebook = z.index_select(0, at::tensor(first).to(options_.device));
  for (int round = 0; round < kLloydSteps; ++round) {
    const at::Tensor distance = distances(z, codebook);
    const auto [error, codes] = distance.min(1);
    const at::Tensor counts = count_codes(codes, config_.codebook_size);
    at::Tensor sums = at::zeros_like(codebook);
    sums.index_add_(0, codes, z);
    codebook =
        at::where((counts > 0).unsqueeze(1), sums / counts.clamp_min(1.0).unsqueeze(1), codebook);
    // Codes that nobody chose go to where the error is largest.
    const at::Tensor empty = (counts == 0).nonzero().squeeze(1);
    if (empty.size(0) > 0 && round + 1 < kLloydSteps) {
      const std::int64_t count = std::min(empty.size(0), z.size(0));
      codebook.index_copy_(0, empty.narrow(0, 0, count),
                           z.index_select(0, std::get<1>(error.topk(count))));
    }
  }
  move_codes(at::arange(config_.codebook_size, at::TensorOptions(options_.device).dtype(at::kLong)),
             codebook, moments);
}

void MovqganTask::restart_codes(std::int64_t step, Moments& moments) {
  const at::Tensor rare = (usage_ < kRareUses).nonzero().squeeze(1);
  usage_.zero_();
  const std::int64_t count = std::min(rare.size(0), recent_.size(0));
  if (count == 0) return;
  const at::Tensor error =
      std::get<0>(distances(recent_, parameters_.get(kCodebook)).min(1)).clamp_min(0.0);
  // Gumbel top-k: latents drawn without replacement, in proportion to their error.
  at::Generator random = generator(options_.seed, Draw::kCodebook, step);
  const at::Tensor noise =
      at::empty(error.sizes(), at::kFloat).exponential_(1.0, random).to(options_.device);
  const at::Tensor chosen = std::get<1>(((error + 1e-12).log() - noise.log()).topk(count));
  move_codes(rare.narrow(0, 0, count), recent_.index_select(0, chosen), moments);
}

// The most used code first, each takes those near it that nobody has taken yet. They all get its
// vector, and nearest-neighbour search finds the first of them.
void MovqganTask::merge_codes() {
  at::Tensor codebook = parameters_.get(kCodebook).detach();
  const at::Tensor distance = at::cdist(codebook, codebook).to(at::kCPU);
  const at::Tensor near = distance < options_.merge_distance;
  const at::Tensor order =
      std::get<1>(at::sort(usage_.to(at::kCPU), /*stable=*/true, /*dim=*/0, /*descending=*/true));
  const std::int64_t count = config_.codebook_size;
  const auto* is_near = near.const_data_ptr<bool>();
  const auto* by_use = order.const_data_ptr<std::int64_t>();
  std::vector<std::int64_t> head(count, -1);  // whose vector it gets
  std::vector<std::int64_t> first(count);     // of those with that vector
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t code = by_use[i];
    if (head[code] >= 0) continue;
    first[code] = count;
    for (std::int64_t other = 0; other < count; ++other) {
      if (head[other] >= 0 || !(is_near[code * count + other] || other == code)) continue;
      head[other] = code;
      first[code] = std::min(first[code], other);
    }
  }
  std::vector<std::int64_t> merged(count);
  for (std::int64_t code = 0; code < count; ++code) merged[code] = first[head[code]];
  codebook.copy_(codebook.index_select(0, at::tensor(head).to(options_.device)));
  merged_.copy_(at::tensor(merged));
}

void MovqganTask::move_codes(const at::Tensor& codes, const at::Tensor& to, Moments& moments) {
  at::Tensor codebook = parameters_.get(kCodebook).detach();
  codebook.index_copy_(0, codes, to);
  const auto& names = parameters_.names();
  const auto index = std::find(names.begin(), names.end(), kCodebook) - names.begin();
  moments.first[index].index_fill_(0, codes, 0.0);
  moments.second[index].index_fill_(0, codes, 0.0);
}

Metrics MovqganTask::validate() {
  if (options_.validation_records == 0) return {};
  const at::NoGradGuard no_grad;
  double sum = 0.0;
  std::int64_t pictures = 0;
  at::Tensor used = at::zeros_like(usage_);
  for (const PixelRecords& records : records_) {
    for (std::int64_t first = records.count() - options_.validation_records;
         first < records.count(); first += options_.batch_size) {
      std::vector<std::int64_t> indices;
      for (std::int64_t i = first; i < std::min(records.count(), first + options_.batch_size);
           ++i) {
        indices.push_back(i);
      }
      const at::Tensor image = records.batch(indices).to(options_.device);
      const Quantised quantised = quantise(encode_panels(image, records.panels()));
      used.add_(count_codes(quantised.codes, config_.codebook_size));
      const at::Tensor output = network_.decode(join_panels(quantised.latent, records.panels()));
      const at::Tensor mse =
          (to_8_bit(output) - to_8_bit(image)).square().flatten(1).mean(1).clamp_min(1e-3);
      sum += (10.0 * (255.0 * 255.0 / mse).log10()).sum().item<double>();
      pictures += image.size(0);
    }
  }
  return {{"psnr", sum / static_cast<double>(pictures)},
          {"codes", (used > 0).to(at::kFloat).mean().item<double>()}};
}

std::map<std::string, at::Tensor> MovqganTask::state() {
  return {{"usage", usage_}, {"merged", merged_}};
}

void MovqganTask::restore(const std::map<std::string, at::Tensor>& state) {
  usage_.copy_(state.at("usage"));
  merged_.copy_(state.at("merged"));
}

void MovqganTask::write_model(const std::string& folder) {
  NamedTensors tensors;
  for (std::size_t i = 0; i < parameters_.names().size(); ++i) {
    const at::Tensor& value = parameters_.tensors()[i];
    tensors.emplace_back(parameters_.names()[i],
                         options_.bf16 ? value.detach().to(at::kBFloat16) : value);
  }
  write_tensors(folder + kWeightFile, tensors);
}

}  // namespace lumina::training

// Trains MoVQGAN: reconstruction, a learned codebook and a straight-through gradient (van den Oord
// et al., arXiv:1711.00937; docs/spec/movqgan.md).
#pragma once

#include <string>
#include <vector>

#include "training/movqgan_network.h"
#include "training/pixel_records.h"
#include "training/task.h"

namespace lumina::training {

struct PixelSource {
  std::string path;
  double weight = 1.0;  // share of the batches, before normalisation
};

struct MovqganTaskOptions {
  std::vector<PixelSource> sources;
  std::int64_t batch_size = 8;
  std::int64_t crop = 0;  // side of random square crops, a multiple of 8; 0: whole pictures
  std::int64_t validation_records = 0;  // the last of each source, never trained on
  // |x - y| + l2_weight (x - y)^2 + codebook terms |sg(z) - e|^2 + commitment |z - sg(e)|^2
  double l2_weight = 1.0;
  double codebook_weight = 1.0;
  double commitment = 0.25;
  std::int64_t free_steps = 200;    // updates without quantisation, before the codebook is set
  std::int64_t restart_every = 50;  // updates between restarts of codes nobody uses; 0: never
  double restart_until = 0.8;       // share of the run after which codes stay as they are
  // From then on codes that are nearer than this to one that is used more are the same code: what
  // looks the same has fewer names, which a language model learns faster. 0: none.
  double merge_distance = 0.0;
  at::ScalarType compute = at::kFloat;
  bool bf16 = false;  // how weights are stored in model folders; else fp32
  std::uint64_t seed = 0;
  at::Device device = at::kCPU;
};

class MovqganTask : public Task {
 public:
  // Throws Error(kInvalidArgument) for options that do not fit together or the records.
  MovqganTask(const vision::MovqganConfig& config, ParameterSet parameters,
              MovqganTaskOptions options);

  ParameterSet& parameters() override { return parameters_; }
  // Also "reconstruction", "codebook" and "psnr" (decibels, of the batch).
  Metrics accumulate(std::int64_t step, std::int64_t micro, double weight) override;
  void after_update(std::int64_t step, std::int64_t steps, Moments moments) override;
  // "psnr": mean over pictures, decibels, of 8-bit pictures; "codes": share of codes in use.
  Metrics validate() override;
  std::map<std::string, at::Tensor> state() override;
  void restore(const std::map<std::string, at::Tensor>& state) override;
  // movqgan.safetensors.
  void write_model(const std::string& folder) override;

 private:
  struct Quantised {
    at::Tensor codes;   // [B * h * w]
    at::Tensor latent;  // straight-through: value of the code, gradient to z
    at::Tensor loss;    // codebook + commitment
  };

  const PixelRecords& source(std::int64_t step, std::int64_t micro) const;
  at::Tensor batch(const PixelRecords& records, std::int64_t step, std::int64_t micro) const;
  at::Tensor encode_panels(const at::Tensor& pictures, int panels) const;
  at::Tensor join_panels(const at::Tensor& latent, int panels) const;
  Quantised quantise(const at::Tensor& z) const;
  void set_codebook(std::int64_t step, Moments& moments);
  void restart_codes(std::int64_t step, Moments& moments);
  void merge_codes();
  void move_codes(const at::Tensor& codes, const at::Tensor& to, Moments& moments);

  vision::MovqganConfig config_;
  ParameterSet parameters_;
  MovqganTaskOptions options_;
  MovqganNetwork network_;
  std::vector<PixelRecords> records_;
  at::Tensor usage_;   // [codebook] fp32: how often a code was chosen since the last restart
  at::Tensor recent_;  // [n, embed_dim]: latents of the last micro-batch
  at::Tensor merged_;  // [codebook] int64: the code that each is the same as, the lowest of them
};

}  // namespace lumina::training

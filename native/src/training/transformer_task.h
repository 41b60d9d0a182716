// Trains the transformer on token records: shifted cross-entropy with z-loss and prompt dropout
// (docs/spec/model.md 9.4 to 9.6).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "training/record_order.h"
#include "training/task.h"
#include "training/token_records.h"
#include "training/transformer_network.h"

namespace lumina::training {

struct RecordSource {
  std::string path;
  double ratio = 1.0;  // share of its records that an epoch uses
  std::string type;    // records of different types meet in no update
};

struct TransformerTaskOptions {
  TransformerNetworkOptions network;
  std::vector<RecordSource> sources;
  std::int64_t batch_size = 4;
  std::int64_t accumulation = 4;        // micro-batches per update, as in LoopOptions
  std::int64_t max_sequence = 0;        // longer records are refused; 0: max_position_embeddings
  std::int64_t validation_records = 0;  // the last of each source, never trained on
  double prompt_dropout = 0.1;          // records that lose their text, for guidance
  double z_loss = 0.0;
  std::uint64_t seed = 0;
  at::Device device = at::kCPU;
  std::int32_t image_start = 0;
  std::int32_t image_end = 0;
};

// What surrounds the weights in a model folder.
struct ModelSurroundings {
  std::string base;                // folder of the model to go on from; empty for a fresh one
  std::string config;              // text of config.json; empty: made of the sizes
  std::vector<std::string> files;  // copied into every model folder: tokenizer, image tokenizer
  bool bf16 = true;                // how weights are stored
};

// One micro-batch, padded on the right.
struct TokenBatch {
  at::Tensor tokens;   // [B, T] int64, 0 behind the end
  at::Tensor targets;  // [B, T] int64: the label of the next token, or -100
};

class TransformerTask : public Task {
 public:
  // A fresh model or the full training of one: `parameters` hold all weights. Adapters:
  // `parameters` hold them, and `base` the frozen weights. Throws Error(kInvalidArgument,
  // kCheckpoint).
  TransformerTask(const checkpoint::ModelConfig& config, ParameterSet parameters,
                  const checkpoint::WeightSet* base, TransformerTaskOptions options,
                  ModelSurroundings surroundings);

  std::int64_t updates_per_epoch() const { return order_->updates_per_epoch(); }

  ParameterSet& parameters() override { return parameters_; }
  // Also "cross_entropy" (nats per token) and "z" (mean squared log-sum-exp).
  Metrics accumulate(std::int64_t step, std::int64_t micro, double weight) override;
  // "cross_entropy" over the validation records, nothing dropped.
  Metrics validate() override;
  void write_model(const std::string& folder) override;

 private:
  struct Loss {
    at::Tensor cross_entropy;  // sums over targets
    at::Tensor z;
    std::int64_t targets = 0;
  };

  TokenBatch collate(const std::vector<RecordIndex>& indices, bool training,
                     std::int64_t step) const;
  Loss loss(const TokenBatch& batch, std::uint64_t noise);

  checkpoint::ModelConfig config_;
  ParameterSet parameters_;
  std::map<std::string, at::Tensor> frozen_;
  TransformerTaskOptions options_;
  ModelSurroundings surroundings_;
  TransformerNetwork network_;
  std::vector<TokenRecords> records_;
  std::unique_ptr<RecordOrder> order_;
  std::vector<Block> recomputed_;  // parts of the head that the next backward pass computes again
};

// The record without its text (docs/spec/model.md 9.5): from the first `image_start` label on, up
// to its one `image_end`. Returns the position it begins at, or -1 for a record that is never
// dropped: several pictures, or an end elsewhere. `length` becomes that of the rest.
std::int64_t without_text(const TokenRecord& record, std::int32_t image_start,
                          std::int32_t image_end, std::int64_t* length);

}  // namespace lumina::training

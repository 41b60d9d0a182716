// A set of named tensors from a folder of safetensors shards, one safetensors file, a .ckpt
// archive, or memory. Files are mapped, not read; a tensor stays valid as long as any view of it
// lives.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

class WeightSet {
 public:
  // `path`: a folder with model.safetensors.index.json or model.safetensors; a *.safetensors file;
  // or a torch.save archive (recognised by content). Throws Error(kCheckpoint), one line, with the
  // file.
  static WeightSet open(const std::string& path);
  // Weights made in memory; `source` stands in for the file in messages.
  static WeightSet in_memory(std::map<std::string, TensorView> tensors, std::string source,
                             std::map<std::string, std::string> metadata = {});

  const TensorView* find(const std::string& name) const;  // nullptr if absent
  const TensorView& get(const std::string& name) const;   // throws Error(kCheckpoint) if absent
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  const std::string& source() const { return source_; }
  // Of a single safetensors file; empty for others.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  // Those that `wanted` names; the rest may be anything.
  WeightSet only(const std::vector<TensorSpec>& wanted) const;

  // Strictness: every tensor of `expected` must be here with that shape and a floating dtype; any
  // other must satisfy `ignored`. Throws Error(kCheckpoint) naming the first few offenders and
  // file.
  void require(const std::vector<TensorSpec>& expected,
               const std::function<bool(const std::string&)>& ignored) const;

 private:
  std::map<std::string, TensorView> tensors_;
  std::string source_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace lumina::checkpoint

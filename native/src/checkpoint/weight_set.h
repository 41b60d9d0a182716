// A set of named tensors from a folder of weights, one safetensors file, a file by torch.save, or
// memory. Files are mapped, not read; a tensor stays valid as long as any view of it
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
  // `path`: a folder with model.safetensors, model.safetensors.index.json, pytorch_model.bin or
  // pytorch_model.bin.index.json; or a file of weights (recognised by content). Throws
  // Error(kCheckpoint), one line, with the file.
  //
  // `anchors`: names of which the wanted weights have one. They may lie under keys of their own and
  // have a prefix in front of all names (state_dicts.h), which is taken off; what lies elsewhere is
  // passed over. Without anchors names stay as they are.
  static WeightSet open(const std::string& path, const std::vector<std::string>& anchors = {});
  // Weights made in memory; `source` stands in for the file in messages.
  static WeightSet in_memory(std::map<std::string, TensorView> tensors, std::string source,
                             std::map<std::string, std::string> metadata = {});

  const TensorView* find(const std::string& name) const;  // nullptr if absent
  const TensorView& get(const std::string& name) const;   // throws Error(kCheckpoint) if absent
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  // What the file has under a name but cannot be read here, with what is wrong.
  const std::map<std::string, std::string>& unreadable() const { return unreadable_; }
  const std::string& source() const { return source_; }
  // The first few keys of the file, for a message that says what was found.
  std::string contents() const;
  // Of a single safetensors file; empty for others.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  // Those that `wanted` names; the rest may be anything.
  WeightSet only(const std::vector<TensorSpec>& wanted) const;

  // Strictness: every tensor of `expected` must be here with that shape and a floating dtype; any
  // other that can be read must satisfy `ignored`. Throws Error(kCheckpoint) naming the first few
  // offenders and file.
  void require(const std::vector<TensorSpec>& expected,
               const std::function<bool(const std::string&)>& ignored) const;

 private:
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> unreadable_;  // by name, what is wrong
  std::vector<std::string> keys_;                  // of the file
  std::string source_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace lumina::checkpoint

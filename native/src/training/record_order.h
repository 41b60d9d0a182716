// Which records make which batch (docs/spec/model.md 9.3): shuffled, but records of like length
// together, so that little is padded.
#pragma once

#include <cstdint>
#include <vector>

namespace lumina::training {

struct OrderedSource {
  std::vector<std::int64_t> lengths;  // of its records
  double ratio = 1.0;                 // share of them that an epoch uses, 0 .. 1
  std::int64_t group = 0;             // records of different groups meet in no update
};

struct RecordIndex {
  std::int32_t source = 0;
  std::int64_t record = 0;
};

class RecordOrder {
 public:
  // Groups are 0, 1, .. and at most 64. Throws Error(kInvalidArgument) if no group has the records
  // of one update, batch size times accumulation, in an epoch.
  RecordOrder(std::vector<OrderedSource> sources, std::int64_t batch, std::int64_t accumulation,
              std::uint64_t seed);

  std::int64_t updates_per_epoch() const { return updates_; }
  // The records of one micro-batch.
  std::vector<RecordIndex> batch(std::int64_t step, std::int64_t micro);

 private:
  void order_epoch(std::int64_t epoch);
  std::vector<RecordIndex> order_group(std::int64_t group, std::int64_t epoch) const;

  std::vector<OrderedSource> sources_;
  std::int64_t batch_;
  std::int64_t accumulation_;
  std::uint64_t seed_;
  std::vector<std::int64_t> group_updates_;
  std::int64_t updates_ = 0;
  std::int64_t epoch_ = -1;  // that `order_` holds
  std::vector<RecordIndex> order_;
};

}  // namespace lumina::training

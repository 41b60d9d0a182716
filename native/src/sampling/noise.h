// Random numbers with an address: a value depends on seed, stream, position and candidate, never on
// how many were drawn before, so windows, restarts and batches cannot shift a picture.
#pragma once

#include <array>
#include <cstdint>

namespace lumina::sampling {

// Keeps uses of the same position apart. Positions are tokens after image start unless said
// otherwise.
enum class NoiseStream : std::uint32_t {
  kAccept = 0,   // whether a draft stays
  kDraw = 1,     // the draw of a pass: what replaces a draft, or stands where none was
  kFresh = 3,    // a draft for a position that no pass has looked at
  kPicture = 4,  // the draw that belongs to the position, whatever the pass
  kText = 5,     // position: tokens generated before image start
};

// Philox4x32-10 (Salmon et al., 2011): four random words of a 128-bit counter under a 64-bit key.
std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter, std::uint64_t key);

// A number in (0, 1), 52 bits of it.
double uniform(std::uint64_t seed, NoiseStream stream, std::uint32_t position, std::uint32_t pass);

// The Gumbel noise of every candidate at one position.
class GumbelNoise {
 public:
  GumbelNoise(std::uint64_t seed, NoiseStream stream, std::uint32_t position)
      : seed_(seed), stream_(static_cast<std::uint32_t>(stream)), position_(position) {}

  // -log(-log(u)), u = (n + 0.5) / 2^32 for the candidate's word n. Cheapest in order of id: four
  // neighbours share a counter.
  double operator()(std::int32_t candidate);

 private:
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::uint32_t position_;
  std::int64_t block_ = -1;  // of the words held
  std::array<std::uint32_t, 4> words_{};
};

}  // namespace lumina::sampling

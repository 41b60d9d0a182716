// Precompiled once for every file that sees a tensor: ATen takes 15 s to parse.
#pragma once
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

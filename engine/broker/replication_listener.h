#pragma once

namespace streamscope::broker {

class Partition;

/// Hears of every high watermark that moves on a broker, after the requests that wait for it have been looked at.
class ReplicationListener {
 public:
  virtual ~ReplicationListener() = default;
  virtual void onReplicated(const Partition& partition) = 0;
};

}  // namespace streamscope::broker

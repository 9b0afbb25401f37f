#pragma once

#include "base/random.h"
#include "lab/lab_description.h"
#include "simulation/trial.h"

namespace streamscope::simulation {

// Ways to break the metadata quorum, for the table in fault_kinds.cpp. With one controller they break that one.

void killController(base::Random& random, const lab::LabDescription& lab, Fault& fault);
void stopController(base::Random& random, const lab::LabDescription& lab, Fault& fault);
void pauseController(base::Random& random, const lab::LabDescription& lab, Fault& fault);
void killEveryController(base::Random& random, const lab::LabDescription& lab, Fault& fault);
/// From the other controllers, while brokers still reach it.
void isolateController(base::Random& random, const lab::LabDescription& lab, Fault& fault);
/// Of one, of a few, or of all of them at once.
void cutPowerOfControllers(base::Random& random, const lab::LabDescription& lab, Fault& fault);
void slowDiskOfController(base::Random& random, const lab::LabDescription& lab, Fault& fault);
void skewClockOfController(base::Random& random, const lab::LabDescription& lab, Fault& fault);

}  // namespace streamscope::simulation

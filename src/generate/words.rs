//! Words for generated plans, so that they read like somebody's work.

/// What people do to a part.
pub(super) const VERBS: [&str; 16] = [
    "Specify",
    "Design",
    "Review",
    "Prototype",
    "Build",
    "Order",
    "Install",
    "Integrate",
    "Configure",
    "Test",
    "Document",
    "Migrate",
    "Inspect",
    "Approve",
    "Train users on",
    "Hand over",
];

/// Parts of things.
pub(super) const PARTS: [&str; 24] = [
    "power supply",
    "control unit",
    "user interface",
    "payment service",
    "storage cluster",
    "network core",
    "cooling loop",
    "sensor board",
    "housing",
    "firmware",
    "reporting module",
    "access control",
    "backup site",
    "test bench",
    "wiring harness",
    "search index",
    "mobile app",
    "gearbox",
    "data import",
    "alarm system",
    "packaging line",
    "message queue",
    "safety relay",
    "customer portal",
];

/// Where the parts belong.
pub(super) const PLACES: [&str; 10] = ["A", "B", "C", "north", "south", "pilot", "series", "v1", "v2", "spare"];

/// Phases of projects.
pub(super) const PHASES: [&str; 8] =
    ["Concept", "Design", "Procurement", "Construction", "Integration", "Verification", "Roll-out", "Operation"];

/// Teams and machines: id, name, team, skill.
pub(super) const RESOURCES: [[&str; 4]; 20] = [
    ["backend", "Backend developers", "software", "programming"],
    ["frontend", "Frontend developers", "software", "programming"],
    ["embedded", "Embedded developers", "software", "firmware"],
    ["qa", "Test engineers", "quality", "testing"],
    ["electrics", "Electricians", "site", "wiring"],
    ["mechanics", "Mechanics", "site", "assembly"],
    ["network", "Network engineers", "infrastructure", "networking"],
    ["storage", "Storage engineers", "infrastructure", "networking"],
    ["crane", "Mobile crane", "site", "lifting"],
    ["lab", "Climate chamber", "quality", "testing"],
    ["cad", "Design engineers", "engineering", "design"],
    ["purchase", "Purchasing", "commercial", "purchasing"],
    ["security", "Security officers", "infrastructure", "security"],
    ["writers", "Technical writers", "quality", "documentation"],
    ["trainers", "Trainers", "commercial", "training"],
    ["welders", "Welders", "site", "assembly"],
    ["milling", "Milling machine", "engineering", "machining"],
    ["data", "Data engineers", "software", "programming"],
    ["safety", "Safety engineers", "engineering", "security"],
    ["support", "Service desk", "commercial", "training"],
];

/// Materials: id, name.
pub(super) const MATERIALS: [[&str; 2]; 8] = [
    ["cable", "Cable, drums"],
    ["steel", "Steel profiles, t"],
    ["concrete", "Concrete, m3"],
    ["boards", "Circuit boards"],
    ["racks", "Server racks"],
    ["disks", "Disk shelves"],
    ["paint", "Paint, buckets"],
    ["licences", "Software licences"],
];

/// Calendars besides the standard one: id, hours of Monday to Thursday, Friday, Saturday, Sunday.
///
/// All of them work from 10 to 12 on Monday to Thursday, so that any mix of them has working time.
pub(super) const CALENDARS: [[&str; 5]; 6] = [
    ["early", "06:00-14:00", "06:00-14:00", "off", "off"],
    ["late", "10:00-18:00", "10:00-18:00", "off", "off"],
    ["four-days", "08:00-12:00;13:00-19:00", "off", "off", "off"],
    ["two-shifts", "06:00-22:00", "06:00-22:00", "off", "off"],
    ["six-days", "08:00-12:00;13:00-17:00", "08:00-12:00;13:00-17:00", "08:00-12:00", "off"],
    ["round-the-clock", "00:00-24:00", "00:00-24:00", "00:00-24:00", "00:00-24:00"],
];

/// Holidays of three regions, as month and day.
pub(super) const HOLIDAYS: [&[[u8; 2]]; 3] = [
    &[[1, 1], [5, 1], [10, 3], [12, 25], [12, 26]],
    &[[1, 1], [1, 26], [8, 15], [10, 2], [12, 25]],
    &[[1, 1], [7, 4], [9, 7], [11, 26], [12, 25]],
];

/// Accounts that costs are booked on.
pub(super) const ACCOUNTS: [&str; 4] = ["engineering", "operations", "quality", "facilities"];

/// What may go wrong.
pub(super) const RISKS: [&str; 8] = [
    "Supplier delivers late",
    "Requirement changes",
    "Key person leaves",
    "Prototype fails the test",
    "Approval takes longer",
    "Weather stops the site",
    "Interface does not fit",
    "Hardware arrives damaged",
];

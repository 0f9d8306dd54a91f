// What each leg asks of the suite, and how much of it must have run. A leg that runs less than this has
// lost scenarios or checks (a renamed fixture, a changed suite) and fails even when nothing in it failed.
//
// warnings: reviewed warnings, "scenario:check" -> the reason why it stands. Everything else fails the leg.
export const legs = {
    '2025-06-18': {
        arguments: ['--suite', 'all', '--spec-version', '2025-06-18'],
        pin: '2025-06-18',
        scenarios: 27,
        checks: 56,
        warnings: {},
    },
    '2025-11-25': {
        arguments: ['--suite', 'all', '--spec-version', '2025-11-25'],
        scenarios: 33,
        checks: 84,
        warnings: {},
    },
    '2026-07-28': {
        arguments: ['--suite', 'all', '--spec-version', '2026-07-28'],
        scenarios: 40,
        checks: 152,
        warnings: {},
    },
    'requirements-2025-11-25': {
        arguments: ['--requirements', '2025-11-25'],
        requirements: '2025-11-25',
        scenarios: 30,
        checks: 70,
        warnings: {},
    },
    'requirements-2026-07-28': {
        arguments: ['--requirements', '2026-07-28'],
        requirements: '2026-07-28',
        scenarios: 37,
        checks: 120,
        warnings: {},
    },
};

export function median(values) {
    const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
    if (!sorted.length) return undefined;
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// The median of each field over a list of equal objects, nested ones included.
export function medians(samples) {
    const names = new Set(samples.flatMap((sample) => Object.keys(sample)));
    return Object.fromEntries(
        [...names].map((name) => {
            const values = samples.map((sample) => sample[name]);
            const nested = values.some((value) => value !== null && typeof value === 'object');
            return [name, nested ? medians(values.map((value) => value ?? {})) : median(values)];
        }),
    );
}

export function rounded(value, digits = 0) {
    return value === undefined ? '-' : value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

// As much of a browser as following redirects with cookies takes.
export class Browser {
    #cookies = new Map(); // origin -> Map(name -> value)

    async #send(url, options) {
        const jar = this.#cookies.get(url.origin) ?? new Map();
        this.#cookies.set(url.origin, jar);
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const headers = { connection: 'close', ...options.headers, ...(cookie ? { cookie } : {}) };
        const answer = await fetch(url, { ...options, headers, redirect: 'manual' });
        for (const line of answer.headers.getSetCookie()) {
            const [name, value] = line.split(';')[0].split(/=(.*)/s);
            if (value && !/max-age=0/i.test(line)) jar.set(name, value);
            else jar.delete(name);
        }
        return answer;
    }

    /// The answer at the end of all redirects, or the first whose Location `stop` picks.
    async open(address, options = {}, stop = () => false) {
        let url = new URL(address);
        let answer = await this.#send(url, options);
        for (let hops = 0; hops < 20 && answer.status >= 301 && answer.status <= 303; hops += 1) {
            url = new URL(answer.headers.get('location'), url);
            if (stop(url)) return { answer, url };
            answer = await this.#send(url, {});
        }
        return { answer, url };
    }
}
